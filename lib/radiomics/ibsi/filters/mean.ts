import type { Box } from '../../../image/grid.ts';
import type { Block } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { convolutionKernel, convolveSeparable, type Kernels, reachOf } from './separable.ts';

/** Mean filter, IBSI S60F. */
export function meanFilter(filter: FilterOf<'mean'>, { image, flat }: FilterContext, box: Box): Block {
  const kernel = boxKernel(filter.support);
  const kernels: Kernels = [kernel, kernel, flat ? undefined : kernel];
  return convolveSeparable(image(box, reachOf(kernels), filter.boundary), kernels, filter.boundary, box);
}

/** `support` equal weights with sum 1. */
export function boxKernel(support: number): { offsets: number[]; weights: number[] } {
  return convolutionKernel(new Array<number>(support).fill(1 / support));
}
