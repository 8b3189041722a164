import type { Matrix4 } from '../../rt/matrix4.ts';
import { type Extent, gridExtent, overlapFraction } from './grid-extent.ts';
import { partsOf } from './placed-dose.ts';
import type { DoseUnit } from './units.ts';

/** Boxes that share less than this part of the smaller one are different regions of the patient. */
const MIN_OVERLAP = 0.3;

/**
 * Units whose grids overlap, directly or through others; one of unknown place counts as overlapping.
 * @param matrixOf dose UID -> what takes it to the frame in which all are compared
 */
export function regionsOf(units: DoseUnit[], matrixOf: ReadonlyMap<string, Matrix4>): DoseUnit[][] {
  const regions: { units: DoseUnit[]; extents: (Extent | undefined)[] }[] = [];
  for (const unit of units) {
    const extents = unit.members
      .flatMap(partsOf)
      .map((dose) => dose.header.grid && gridExtent(dose.header.grid, matrixOf.get(dose.sopInstanceUid)));
    const touching = regions.filter((region) =>
      region.extents.some((a) => extents.some((b) => !a || !b || overlapFraction(a, b) >= MIN_OVERLAP)),
    );
    const merged = {
      units: [...touching.flatMap((region) => region.units), unit],
      extents: [...touching.flatMap((region) => region.extents), ...extents],
    };
    regions.splice(0, regions.length, ...regions.filter((region) => !touching.includes(region)), merged);
  }
  return regions.map((region) => region.units);
}
