import type { Volume, VoxelArray } from '../../image/grid.ts';
import { voxelCount } from '../../image/grid.ts';
import type { Settings } from '../settings/settings.ts';
import { splineCoefficients } from './bspline.ts';
import { type Diagnostics, imageDiagnostics } from './image-diagnostics.ts';
import { normalizeIntensities } from './normalize.ts';

/** An image with what is computed once for all its regions. Plain, so that it can be posted to threads. */
export interface PreparedImage {
  /** The image, normalised if asked for. */
  volume: Volume;
  /** What interpolation starts from: B-spline coefficients, or the intensities themselves. */
  interpolationSource: VoxelArray;
  /** Diagnostics of the image as given; empty unless requested. */
  diagnostics: Diagnostics;
}

/** `allocate` may give shared memory, so that posting the result costs nothing. */
export function prepareImage(
  image: Volume,
  setting: Settings,
  allocate: (length: number) => Float64Array = (length) => new Float64Array(length),
): PreparedImage {
  const volume = setting.normalize ? normalized(image, setting, allocate) : image;
  const needsSpline = setting.resampledPixelSpacing !== null && setting.interpolator === 'sitkBSpline';
  const { size } = image.grid;
  const interpolationSource = needsSpline
    ? splineCoefficients(volume.data, size, allocate(voxelCount(image.grid)))
    : volume.data;
  const diagnostics = setting.additionalInfo ? imageDiagnostics('original', image) : {};
  return { volume, interpolationSource, diagnostics };
}

function normalized(image: Volume, setting: Settings, allocate: (length: number) => Float64Array): Volume {
  const data = allocate(image.data.length);
  data.set(normalizeIntensities(image.data, setting.normalizeScale, setting.removeOutliers));
  return { grid: image.grid, data };
}
