import type { Config } from '../../config.ts';
import type { Device } from '../../pool/gpus.ts';

export interface CustomModelSettings {
  segmentation: Omit<Config['segmentation'], 'workers' | 'device'> & { device: Device };
  custom: Omit<Config['custom_models'], 'workers' | 'networks'>;
}
