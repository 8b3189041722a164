import type { MrWeighting } from '../../rt/mr-weighting.ts';
import type { RadiomicsSettings, Settings } from '../settings/settings.ts';

const MR_BIN_COUNT = 64;

/** MR intensities have no unit: 64 bins instead of a width, and T1-weighted images are normalised. */
export function settingsForMr(settings: RadiomicsSettings, weighting: MrWeighting): RadiomicsSettings {
  const adapt = (setting: Settings) => ({ ...setting, binCount: MR_BIN_COUNT, normalize: weighting === 'T1' });
  return {
    ...settings,
    setting: adapt(settings.setting),
    imageTypes: settings.imageTypes.map(({ type, setting }) => ({ type, setting: adapt(setting) })),
  };
}
