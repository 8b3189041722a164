/**
 * What lies between two neighbouring contour planes.
 * - `usual`: the ROI goes on, as it is drawn
 * - `bridged`: the ROI goes on over a gap that is wider, as if a contour were missing
 * - `open`: nothing, as too many contours would be missing
 * - `apart`: nothing, as the file states how far its planes reach or the planes are further apart than allowed
 */
export type GapKind = 'usual' | 'bridged' | 'open' | 'apart';

export interface PlaneGap {
  lengthMm: number;
  kind: GapKind;
}

/** Whether the ROI goes on over a gap. */
export function goesOn({ kind }: PlaneGap): boolean {
  return kind === 'usual' || kind === 'bridged';
}
