import { type Finding, finding } from '../findings.ts';
import { isTarget, type TypedRoi } from './target.ts';

/** Less than this part inside the dose grid is noticed: the rest is the rounding of surface voxels and samples. */
const WHOLE = 0.999;

/**
 * Whether the dose grid leaves out a part of a ROI, whose dose metrics then are of the rest. For a target this is an error.
 * @param coverage part of the volume inside the grid, 0..1
 */
export function coverageFindings(roi: TypedRoi, coverage: number, where: string): Finding[] {
  if (!(coverage < WHOLE)) return [];
  const code = isTarget(roi) ? 'TARGET_OUTSIDE_DOSE_GRID' : 'OUTSIDE_DOSE_GRID';
  return [finding(code, where, `the dose grid covers ${(100 * coverage).toFixed(1)} % of the structure`)];
}
