import type { Finding } from '../../findings.ts';
import type { Box, Mask, Volume } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import type { NamedImage } from '../image-types/image-types.ts';
import { type PreparedImage, prepareImage } from '../preprocessing/prepare-image.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';
import { extractFromPrepared, type FeatureResult, filterWholeImage } from './extract.ts';

/**
 * What worker threads run: functions of one plain argument. Results lie in shared memory, so that posting them on to the
 * next tasks copies nothing. A value does not depend on which worker computes it, nor on how many there are.
 */

/** Once per course and parameter file. */
export function prepareImageTask({ image, settings }: { image: Volume; settings: RadiomicsSettings }): PreparedImage {
  const allocate = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  return prepareImage(image, settings.setting, allocate);
}

/** Once per course and parameter file; without images when every region is filtered on its own crop. */
export function filterImageTask({ prepared, settings, within }: FilterTask): {
  images: NamedImage[];
  findings: Finding[];
} {
  const { images, findings } = filterWholeImage(prepared, settings, within);
  return { images: images.map(({ name, image }) => ({ name, image: sharedVolume(image) })), findings };
}

export interface FilterTask {
  prepared: PreparedImage;
  settings: RadiomicsSettings;
  /** Holds the regions; elsewhere the numbers may be any. */
  within?: Box;
}

/** One region from beginning to end. */
export function extractRegionTask({ prepared, mask, settings, filtered }: RegionTask): FeatureResult {
  return extractFromPrepared(prepared, mask, settings, { filtered });
}

export interface RegionTask {
  prepared: PreparedImage;
  mask: Mask;
  settings: RadiomicsSettings;
  filtered?: NamedImage[];
}
