import type { Box } from '../../../image/grid.ts';
import { LOW_PASS } from '../../kernels/wavelet-coefficients.ts';
import { type Block, grow } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { orientations, pool } from './rotations.ts';
import { convolutionKernel, convolveSeparable, type Kernel, type Kernels, reachOf } from './separable.ts';

/**
 * Undecimated separable wavelet, IBSI 25BO: low passes at the levels below, then the bands at `level`; the taps of level
 * l lie 2^(l - 1) voxels apart (a trous). Letters in the order of the axes i, j, k.
 */
export function separableWavelet(filter: FilterOf<'wavelet'>, context: FilterContext, box: Box): Block {
  const steps = cascade(filter);
  const needed = neededBoxes(steps, box, context, filter);
  const source = context.image(needed[0], [0, 0, 0], filter.boundary);
  const respond = (turned: Kernels[]) =>
    turned.reduce<Block>(
      (block, kernels, step) => convolveSeparable(block, kernels, filter.boundary, needed[step + 1]),
      source,
    ).data;
  const data = filter.rotations ? pool(orientations(steps), filter.rotations, respond) : respond(steps);
  return { imageSize: context.imageSize, box, data };
}

function cascade(filter: FilterOf<'wavelet'>): Kernels[] {
  const low = LOW_PASS[filter.family];
  const high = low.map((_, k) => (k % 2 === 0 ? -1 : 1) * low[low.length - 1 - k]);
  return Array.from({ length: filter.level }, (_, below) => {
    const last = below === filter.level - 1;
    return [0, 1, 2].map((axis): Kernel | undefined => {
      const band = filter.bands[axis];
      return band === undefined ? undefined : convolutionKernel(last && band === 'H' ? high : low, 2 ** below);
    }) as Kernels;
  });
}

/** What each step must start from, and last the answer itself. Every axis may meet every kernel. */
function neededBoxes(steps: Kernels[], box: Box, context: FilterContext, filter: FilterOf<'wavelet'>): Box[] {
  const boxes = [box];
  for (const step of steps.toReversed()) {
    boxes.unshift(grow(boxes[0], reachOf(step), context.imageSize, filter.boundary));
  }
  return boxes;
}
