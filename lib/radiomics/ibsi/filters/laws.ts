import type { Box } from '../../../image/grid.ts';
import { ownKeys } from '../../../own-keys.ts';
import { type Block, grow } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { boxKernel } from './mean.ts';
import { orientations, pool } from './rotations.ts';
import { convolutionKernel, convolveSeparable, type Kernel, type Kernels, reachOf } from './separable.ts';

/** IBSI 2 table 3.2 (JTXT): level, edge, spot, wave, ripple; used with unit Euclidean norm. */
const LAWS: Record<string, number[]> = ownKeys({
  L3: [1, 2, 1],
  E3: [-1, 0, 1],
  S3: [-1, 2, -1],
  L5: [1, 4, 6, 4, 1],
  E5: [-1, -2, 0, 2, 1],
  S5: [-1, 0, 2, 0, -1],
  W5: [-1, 2, 0, -2, 1],
  R5: [1, -4, 6, -4, 1],
});

/** Laws' kernels, IBSI JTXT: letters in the order of the axes i, j, k; orientations pooled before the energy is taken. */
export function lawsFilter(filter: FilterOf<'laws'>, context: FilterContext, box: Box): Block {
  if (!filter.energyDelta) return lawsResponse(filter, context, box);
  const kernel = boxKernel(2 * filter.energyDelta + 1);
  const kernels: Kernels = [kernel, kernel, context.flat ? undefined : kernel];
  const needed = grow(box, reachOf(kernels), context.imageSize, filter.boundary);
  const response = lawsResponse(filter, context, needed);
  for (let i = 0; i < response.data.length; i++) response.data[i] = Math.abs(response.data[i]);
  return convolveSeparable(response, kernels, filter.boundary, box);
}

function lawsResponse(filter: FilterOf<'laws'>, context: FilterContext, box: Box): Block {
  const names = filter.kernels.match(/../g)!;
  const kernels = [0, 1, 2].map((axis) => (names[axis] ? unitKernel(LAWS[names[axis]]) : undefined)) as Kernels;
  const largest = Math.max(...reachOf(kernels));
  const reach = reachOf(kernels.map((kernel) => kernel && { offsets: [largest], weights: [1] }) as Kernels);
  const source = context.image(box, reach, filter.boundary);
  const respond = ([step]: Kernels[]) => convolveSeparable(source, step, filter.boundary, box).data;
  const data = filter.rotations ? pool(orientations([kernels]), filter.rotations, respond) : respond([kernels]);
  return { imageSize: context.imageSize, box, data };
}

function unitKernel(weights: number[]): Kernel {
  const norm = Math.hypot(...weights);
  return convolutionKernel(weights.map((weight) => weight / norm));
}
