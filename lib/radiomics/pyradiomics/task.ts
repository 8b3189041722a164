import type { Finding } from '../../findings.ts';
import type { Box, Volume } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import type { NamedImage } from '../image-types/image-types.ts';
import { type PreparedImage, prepareImage } from '../preprocessing/prepare-image.ts';
import { type PreparedRegion, prepareRegion, type RefusedRegion } from '../preprocessing/prepare-region.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';
import {
  extractFromPrepared,
  extractPart,
  type FeatureResult,
  filterWholeImage,
  type RegionSource,
} from './extract.ts';
import type { RegionPart } from './region-part.ts';

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

/** One region from beginning to end, or a part of its images. */
export function extractRegionTask({ prepared, mask, settings, filtered, share }: RegionTask): FeatureResult {
  if (share === undefined) return extractFromPrepared(prepared, mask, settings, { filtered });
  const known = lastRegion?.region === share.region ? lastRegion.prepared.deref() : undefined;
  const region = known ?? prepareRegion(prepared, mask, settings.setting);
  lastRegion = { region: share.region, prepared: new WeakRef(region) };
  return extractPart({ prepared, mask, settings }, region, share.part, { filtered });
}

/** A thread that gets several parts of a region prepares it once. */
let lastRegion: { region: number; prepared: WeakRef<PreparedRegion | RefusedRegion> } | undefined;

export interface RegionTask extends RegionSource {
  filtered?: NamedImage[];
  /** A part of the images of a region; the region has a number of its own in the process. */
  share?: { region: number; part: RegionPart };
}
