import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Config } from '../config.ts';
import { mrWeighting, settingsForMr } from '../radiomics/mr-weighting.ts';
import { PROFILE_FILES, type ProfileName } from '../radiomics/profiles.ts';
import { parseRadiomicsSettings, type RadiomicsSettings } from '../radiomics/settings.ts';
import type { CourseImage } from '../rt/course.ts';

/** What an image is computed with. */
export interface Profile {
  settings: RadiomicsSettings;
  /** Of the intensities: HU, SUVbw, or ''. */
  unit: string;
}

/** The parameter file of the image's modality: the configured one, else the built-in one. @throws BadConfig */
export async function profileOf(image: CourseImage, quantity: string, { radiomics }: Config): Promise<Profile> {
  if (image.modality === 'MR') {
    const settings = await settingsOf(radiomics.mr_params_file, 'MR');
    return { settings: settingsForMr(settings, mrWeighting([image.description])), unit: '' };
  }
  if (image.modality === 'PT')
    return { settings: await settingsOf(radiomics.pet_params_file, 'PET_FDG'), unit: quantity };
  return { settings: await settingsOf(radiomics.params_file, 'CT'), unit: quantity };
}

async function settingsOf(configured: unknown, builtIn: ProfileName): Promise<RadiomicsSettings> {
  return parseRadiomicsSettings(configured ?? parse(await readFile(PROFILE_FILES[builtIn], 'utf8')));
}
