import type { Config } from '../../config.ts';

export interface CustomModelSettings {
  segmentation: Config['segmentation'];
  custom: Config['custom_models'];
}
