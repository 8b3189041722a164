import { BadConfig } from '../../errors.ts';

/** Words of channel_names for MR; nnU-Net takes any, and knows only CT. */
const MR = /^(MRI?|T1|T2|FLAIR|DWI|ADC)/i;
const CT = /^CT/i;

/** Images that a network was trained on, as dataset.json calls them in version 2 or 1; empty where it says nothing. */
export function channelsOf(dataset: unknown): string[] {
  if (!isMap(dataset)) return [];
  const names = [dataset.channel_names, dataset.modality].find(isMap) ?? {};
  return Object.values(names).map(String);
}

/** undefined for names that say neither. */
export function modalityOfChannel(name: string): 'CT' | 'MR' | undefined {
  if (CT.test(name)) return 'CT';
  return MR.test(name) ? 'MR' : undefined;
}

/**
 * @param modality of the images that a model gets
 * @throws BadConfig when its network was trained on images of the other modality, or on several at once
 */
export function checkChannels(modality: 'CT' | 'MR', dataset: unknown): void {
  const channels = channelsOf(dataset);
  if (channels.length > 1)
    throw new BadConfig(
      `the network was trained on ${channels.length} channels (${channels.join(', ')}), but a model gets one image`,
    );
  const trained = channels.length === 1 ? modalityOfChannel(channels[0]) : undefined;
  if (trained === undefined || trained === modality) return;
  throw new BadConfig(
    `the network was trained on ${trained} (${channels[0]} in dataset.json), but the model is for ${modality}: set modality to ${trained}`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
