import type { Box, Volume } from '../../../image/grid.ts';
import type { Vec3 } from '../../../math/vec3.ts';
import { type Block, type Boundary, blockOf, grow } from './block.ts';

/** The image that a filter looks at, and whether it looks slice by slice. */
export interface FilterContext {
  imageSize: Vec3;
  spacingMm: Vec3;
  /** True: every slice (i, j) on its own. */
  flat: boolean;
  /** The part of the image that a kernel of half-width `reach` needs to answer for `box`. */
  image(box: Box, reach: Vec3, boundary: Boundary): Block;
}

export function filterContext(volume: Volume, flat: boolean): FilterContext {
  const imageSize = volume.grid.size;
  return {
    imageSize,
    spacingMm: volume.grid.spacingMm,
    flat,
    image: (box, reach, boundary) => blockOf(volume, grow(box, reach, imageSize, boundary)),
  };
}
