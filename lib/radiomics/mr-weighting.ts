import type { RadiomicsSettings, Settings } from './settings.ts';

export type MrWeighting = 'T1' | 'T2' | 'unknown';

const MR_BIN_COUNT = 64;

/** Weighting by the words of SeriesDescription, ProtocolName and SequenceName, then of ImageType; FLAIR counts as T2. */
export function mrWeighting(names: readonly string[], imageType: readonly string[] = []): MrWeighting {
  return weightingOf(names.join(' ')) ?? weightingOf(imageType.join(' ')) ?? 'unknown';
}

/** MR intensities have no unit: 64 bins instead of a width, and T1-weighted images are normalised. */
export function settingsForMr(settings: RadiomicsSettings, weighting: MrWeighting): RadiomicsSettings {
  const adapt = (setting: Settings) => ({ ...setting, binCount: MR_BIN_COUNT, normalize: weighting === 'T1' });
  return {
    ...settings,
    setting: adapt(settings.setting),
    imageTypes: settings.imageTypes.map(({ type, setting }) => ({ type, setting: adapt(setting) })),
  };
}

function weightingOf(text: string): MrWeighting | undefined {
  const words = text.toLowerCase();
  if (words.includes('t2') || words.includes('flair')) return 'T2';
  return words.includes('t1') ? 'T1' : undefined;
}
