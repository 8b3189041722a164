import type { Box } from '../../image/grid.ts';
import { transformGrid } from '../../math/fft-grid.ts';
import type { Vec3 } from '../../math/vec3.ts';

/** A transfer function at a frequency (x, y, z), each from -1 to 1 (1 is the Nyquist frequency): real and imaginary part. */
export type Transfer = (x: number, y: number, z: number) => [number, number];

/**
 * Multiplies the spectrum of a periodic image by a transfer function and returns the real part of the image.
 * The frequencies of an axis of n samples run from -1 to 1 inclusive, so that for even n none is exactly zero: this is
 * how the reference response maps of IBSI 2 were made, and the frequencies of the transform itself fail them.
 * `flat`: slice by slice, the third frequency is 0.
 */
export function applyTransfer(data: Float64Array, size: Vec3, flat: boolean, transfer: Transfer): Float64Array {
  const axes = flat ? [0, 1] : [0, 1, 2];
  const re = Float64Array.from(data);
  const im = new Float64Array(data.length);
  transformGrid(re, im, size, axes);
  const [fx, fy, fz] = size.map((n, axis) => (axes.includes(axis) ? frequencies(n) : new Float64Array(n)));
  const scale = 1 / axes.reduce((product, axis) => product * size[axis], 1);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const [c, s] = transfer(fx[i], fy[j], fz[k]);
        const r = re[at];
        re[at] = scale * (r * c - im[at] * s);
        im[at] = scale * (r * s + im[at] * c);
      }
    }
  }
  transformGrid(im, re, size, axes);
  return re;
}

/** -1 ... 1 in n steps, shifted so that the sample next to zero frequency comes first. */
function frequencies(n: number): Float64Array {
  const centre = (n - 1) / 2;
  const half = n >> 1;
  return Float64Array.from({ length: n }, (_, k) => (n === 1 ? 0 : (((k + half) % n) - centre) / centre));
}

/** The numbers of `box` out of a whole image. */
export function crop(data: Float64Array, size: Vec3, box: Box): Float64Array {
  const to = new Float64Array(box.size[0] * box.size[1] * box.size[2]);
  let at = 0;
  for (let k = 0; k < box.size[2]; k++) {
    for (let j = 0; j < box.size[1]; j++) {
      const from = box.start[0] + size[0] * (box.start[1] + j + size[1] * (box.start[2] + k));
      to.set(data.subarray(from, from + box.size[0]), at);
      at += box.size[0];
    }
  }
  return to;
}
