import type { Volume } from '../../image/grid.ts';

/**
 * Gradient magnitude as ITK's GradientMagnitudeImageFilter: central differences over two spacings (or two voxels when
 * `useSpacing` is false), the outermost samples repeated beyond the border; float32.
 */
export function gradientMagnitude(image: Volume, useSpacing: boolean): Float32Array {
  const { data } = image;
  const [nx, ny, nz] = image.grid.size;
  const [wx, wy, wz] = image.grid.spacingMm.map((spacing) => 0.5 / (useSpacing ? spacing : 1));
  const out = new Float32Array(data.length);
  for (let k = 0, p = 0; k < nz; k++) {
    const below = k > 0 ? -nx * ny : 0;
    const above = k < nz - 1 ? nx * ny : 0;
    for (let j = 0; j < ny; j++) {
      const up = j > 0 ? -nx : 0;
      const down = j < ny - 1 ? nx : 0;
      for (let i = 0; i < nx; i++, p++) {
        const dx = (data[i < nx - 1 ? p + 1 : p] - data[i > 0 ? p - 1 : p]) * wx;
        const dy = (data[p + down] - data[p + up]) * wy;
        const dz = (data[p + above] - data[p + below]) * wz;
        out[p] = Math.sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
  }
  return out;
}
