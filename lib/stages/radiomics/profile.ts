import { readFile } from 'node:fs/promises';
import type { ImageRecord } from '../../course-store/images.ts';
import { settingsForMr } from '../../radiomics/pyradiomics/mr-settings.ts';
import { PROFILE_FILES, type ProfileName } from '../../radiomics/pyradiomics/profiles.ts';
import { parseRadiomicsSettings, type RadiomicsSettings } from '../../radiomics/settings/settings.ts';
import type { FeatureConfig } from './inputs.ts';

/** What an image is computed with. */
export interface RadiomicsProfile {
  settings: RadiomicsSettings;
  /** Of the intensities that features are computed of: HU, SUVbw, ..., or ''. */
  unit: string;
}

/** Modalities that features are computed of. */
export type FeatureModality = 'CT' | 'MR' | 'PT';
export const FEATURE_MODALITIES: FeatureModality[] = ['CT', 'MR', 'PT'];

/**
 * Why an image has no features, though its modality has: parameters of PET are in SUV, and bins of 0.25 SUV say nothing of
 * becquerels. Undefined when it has features.
 */
export function unitProblem({ modality, quantity }: ImageRecord): string | undefined {
  if (modality !== 'PT' || quantity === 'SUVbw') return undefined;
  return `no SUV could be computed for this PET: settings in SUV do not apply to ${quantity || 'values without a unit'}`;
}

/** The parameter file of the image's modality: the configured one, else the built-in one. @throws BadConfig */
export async function profileOf(image: ImageRecord, config: FeatureConfig): Promise<RadiomicsProfile> {
  const { modality, quantity, weighting = 'unknown' } = image;
  const given = await settingsFor(modality === 'MR' || modality === 'PT' ? modality : 'CT', config);
  const settings = modality === 'MR' ? settingsForMr(given, weighting) : given;
  return { settings, unit: settings.setting.normalize ? '' : quantity };
}

/** The settings of a modality before what they owe to an image. @throws BadConfig */
export async function settingsFor(modality: FeatureModality, config: FeatureConfig): Promise<RadiomicsSettings> {
  if (modality === 'MR') return settingsOf(config.mr_params_file, 'MR');
  if (modality === 'PT') return settingsOf(config.pet_params_file, 'PET_FDG');
  return settingsOf(config.params_file, 'CT');
}

async function settingsOf(configured: unknown, builtIn: ProfileName): Promise<RadiomicsSettings> {
  return parseRadiomicsSettings(configured ?? (await readFile(PROFILE_FILES[builtIn], 'utf8')));
}
