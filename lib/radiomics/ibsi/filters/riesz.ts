import { growBox } from '../../../image/box.ts';
import type { Box } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import { type Block, gather } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { applyTransfer, crop, type Transfer } from './fourier.ts';
import { logTerms } from './laplacian-of-gaussian.ts';
import { convolveSeparable, reachOf } from './separable.ts';

/**
 * Riesz transform of order (l1, l2, l3), IBSI AYRS: (-i)^L sqrt(L! / (l1! l2! l3!)) x^l1 y^l2 z^l3 / |f|^L, L = l1 + l2 + l3.
 */
export function rieszTransfer(order: readonly number[]): Transfer {
  const total = order.reduce((sum, l) => sum + l, 0);
  const factor = Math.sqrt(factorial(total) / order.reduce((product, l) => product * factorial(l), 1));
  const [lx, ly, lz = 0] = order;
  const sign = total % 4 < 2 ? 1 : -1;
  const real = total % 2 === 0;
  return (x, y, z) => {
    const r = Math.sqrt(x * x + y * y + z * z);
    if (total === 0) return [1, 0];
    if (r === 0) return [0, 0];
    const value = (factor * x ** lx * y ** ly * z ** lz) / r ** total;
    return real ? [sign * value, 0] : [0, -sign * value];
  };
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** Riesz transform of the Laplacian of Gaussian: on the image padded by the kernel's half-width on each side. */
export function rieszOfLog(filter: FilterOf<'riesz-log'>, context: FilterContext, box: Box): Block {
  const terms = logTerms(filter.sigmaMm, filter.truncate, context.spacingMm, context.flat);
  const reach = reachOf(terms[0]);
  const whole: Box = { start: [0, 0, 0], size: context.imageSize };
  const padded = growBox(whole, reach);
  const source = context.image(whole, [0, 0, 0], filter.boundary);
  const image = gather(source, padded, filter.boundary);
  const periodic: Block = { imageSize: padded.size, box: { start: [0, 0, 0], size: padded.size }, data: image };
  const smooth = terms.map((kernels) => convolveSeparable(periodic, kernels, 'periodic', periodic.box).data);
  const [sum, ...others] = smooth;
  for (const data of others) for (let i = 0; i < sum.length; i++) sum[i] += data[i];
  const turned = applyTransfer(sum, padded.size, context.flat, rieszTransfer(filter.riesz));
  const inside: Box = { start: box.start.map((from, axis) => from + reach[axis]) as Vec3, size: box.size };
  return { imageSize: context.imageSize, box, data: crop(turned, padded.size, inside) };
}
