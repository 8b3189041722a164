import type { Config } from '../../config.ts';

export interface CustomModelSettings {
  segmentation: Omit<Config['segmentation'], 'workers'>;
  custom: Omit<Config['custom_models'], 'workers' | 'networks'>;
}
