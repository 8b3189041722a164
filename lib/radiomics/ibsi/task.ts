import type { Mask } from '../../image/grid.ts';
import { type IbsiResult, ibsiFeaturesOf } from './ibsi-features.ts';
import type { IbsiImage } from './prepare.ts';
import type { IbsiSettings } from './settings.ts';

/** One region in IBSI mode, for a worker thread: one plain argument. */
export function ibsiRegionTask(argument: { prepared: IbsiImage; mask: Mask; settings: IbsiSettings }): IbsiResult {
  return ibsiFeaturesOf(argument.prepared, argument.mask, argument.settings);
}
