import { boxOf } from '../../../image/box.ts';
import type { Box } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import type { Block } from './block.ts';
import type { FilterContext } from './context.ts';
import type { FilterOf } from './filter-settings.ts';
import { applyTransfer, crop, type Transfer } from './fourier.ts';
import { rieszTransfer } from './riesz.ts';

/** Isotropic wavelet, IBSI LODD, optionally followed by a Riesz transform. Slice by slice only the box's slices are done. */
export function isotropicWavelet(filter: FilterOf<'isotropic-wavelet'>, context: FilterContext, box: Box): Block {
  const whole = boxOf({ size: context.imageSize });
  const needed: Box = context.flat
    ? { start: [0, 0, box.start[2]], size: [whole.size[0], whole.size[1], box.size[2]] }
    : whole;
  const source = context.image(needed, [0, 0, 0], 'periodic');
  const data = applyTransfer(source.data, needed.size, context.flat, transferOf(filter));
  const inside: Box = { start: box.start.map((from, axis) => from - needed.start[axis]) as Vec3, size: box.size };
  return { imageSize: context.imageSize, box, data: crop(data, needed.size, inside) };
}

function transferOf({ family, level, riesz }: FilterOf<'isotropic-wavelet'>): Transfer {
  const profile = family === 'simoncelli' ? simoncelli : shannon;
  const scale = 2 ** (level - 1);
  const turn = riesz && rieszTransfer(riesz);
  return (x, y, z) => {
    const amplitude = profile(scale * Math.sqrt(x * x + y * y + z * z));
    if (!turn || amplitude === 0) return [amplitude, 0];
    const [c, s] = turn(x, y, z);
    return [amplitude * c, amplitude * s];
  };
}

/** Band pass of Simoncelli's steerable pyramid: one octave on either side of half the Nyquist frequency. */
function simoncelli(r: number): number {
  return r < 0.25 || r > 1 ? 0 : Math.cos((Math.PI / 2) * Math.log2(2 * r));
}

/** The octave below the Nyquist frequency, with sharp edges. */
function shannon(r: number): number {
  return r >= 0.5 && r <= 1 ? 1 : 0;
}
