import { readFile } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import type { ImageRecord } from '../../course-store/images.ts';
import { settingsForMr } from '../../radiomics/pyradiomics/mr-settings.ts';
import { PROFILE_FILES, type ProfileName } from '../../radiomics/pyradiomics/profiles.ts';
import { parseRadiomicsSettings, type RadiomicsSettings } from '../../radiomics/settings/settings.ts';

/** What an image is computed with. */
export interface Profile {
  settings: RadiomicsSettings;
  /** Of the intensities: HU, SUVbw, or ''. */
  unit: string;
}

/** The parameter file of the image's modality: the configured one, else the built-in one. @throws BadConfig */
export async function profileOf(image: ImageRecord, { radiomics }: Config): Promise<Profile> {
  const { modality, quantity, weighting = 'unknown' } = image;
  if (modality === 'MR') {
    const settings = await settingsOf(radiomics.mr_params_file, 'MR');
    return { settings: settingsForMr(settings, weighting), unit: '' };
  }
  if (modality === 'PT') return { settings: await settingsOf(radiomics.pet_params_file, 'PET_FDG'), unit: quantity };
  return { settings: await settingsOf(radiomics.params_file, 'CT'), unit: quantity };
}

async function settingsOf(configured: unknown, builtIn: ProfileName): Promise<RadiomicsSettings> {
  return parseRadiomicsSettings(configured ?? (await readFile(PROFILE_FILES[builtIn], 'utf8')));
}
