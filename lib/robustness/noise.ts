import type { Volume } from '../image/grid.ts';
import { gaussian, seededRandom } from '../random.ts';
import { seedOf } from './seed.ts';

/**
 * The image with Gaussian noise of standard deviation `sigma` on every voxel: one draw for each level, the same whenever
 * it is asked for. Where the image holds integers, as CT does, the sum is rounded as a scanner would: so levels differ by
 * noise alone, and not by how later steps treat integers and fractions.
 */
export function addNoise(image: Volume, sigma: number): Volume {
  if (sigma === 0) return image;
  const random = seededRandom(seedOf('noise', sigma));
  const { data } = image;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  if (isFloat) {
    const noisy = data.slice();
    for (let v = 0; v < noisy.length; v++) noisy[v] += sigma * gaussian(random);
    return { ...image, data: noisy };
  }
  const noisy = new Int32Array(data.length);
  for (let v = 0; v < noisy.length; v++) noisy[v] = Math.round(data[v] + sigma * gaussian(random));
  return { ...image, data: noisy };
}
