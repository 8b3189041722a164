import type { Box } from '../../../image/grid.ts';
import { fromHalfSpectrum, halfSpectrum } from '../../../math/real-fft-grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';

/** A transfer function at a frequency (x, y, z), each from -1 to 1 (1 is the Nyquist frequency): real and imaginary part. */
export type Transfer = (x: number, y: number, z: number) => [number, number];

/**
 * Multiplies the spectrum of a periodic image by a transfer function and returns the real part of the image.
 * The frequencies of an axis of n samples run from -1 to 1 inclusive, so that for even n none is exactly zero: this is
 * how the reference response maps of IBSI 2 were made, and the frequencies of the transform itself fail them. The transfer
 * function at k and the conjugate of that at -k then differ; their mean gives the real part.
 * `flat`: slice by slice, the third frequency is 0.
 */
export function applyTransfer(data: Float64Array, size: Vec3, flat: boolean, transfer: Transfer): Float64Array {
  const others = flat ? [1] : [1, 2];
  const spectrum = halfSpectrum(data, size, others);
  const { re, im } = spectrum;
  const [fx, fy, fz] = size.map((n, axis) => (flat && axis === 2 ? new Float64Array(n) : frequencies(n)));
  const scale = 0.5 / (size[0] * size[1] * (flat ? 1 : size[2]));
  for (let k = 0, at = 0; k < size[2]; k++) {
    const z = fz[k];
    const oppositeZ = fz[(size[2] - k) % size[2]];
    for (let j = 0; j < size[1]; j++) {
      const y = fy[j];
      const oppositeY = fy[(size[1] - j) % size[1]];
      for (let i = 0; i < spectrum.size[0]; i++, at++) {
        const here = transfer(fx[i], y, z);
        const there = transfer(fx[(size[0] - i) % size[0]], oppositeY, oppositeZ);
        const c = scale * (here[0] + there[0]);
        const s = scale * (here[1] - there[1]);
        const r = re[at];
        re[at] = r * c - im[at] * s;
        im[at] = r * s + im[at] * c;
      }
    }
  }
  return fromHalfSpectrum(spectrum, size[0], others);
}

/** -1 ... 1 in n steps, in the order of a transform: zero frequency, or the sample next to it, first. */
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
