import { boxOf, intersectBoxes } from '../image/box.ts';
import { connectedComponents } from '../image/components.ts';
import { type Box, type Grid, type Mask, type Volume, voxelCount } from '../image/grid.ts';
import { cropMask, maskCentroidMm } from '../image/mask.ts';
import { resampleLinear } from '../image/resample.ts';
import { addScaled, multiplyTransposed, norm, subtract, type Vec3 } from '../math/vec3.ts';
import { type Refusal, refusal } from '../radiomics/region/status.ts';
import type { Perturbation } from './perturbation-grid.ts';
import { lowestVoxels } from './rank-voxels.ts';
import { boxAfterMotion, gridBeforeMotion, isStill, type RigidMotion } from './rigid-motion.ts';
import type { StructureField } from './structure-field.ts';
import { type Trade, tradeMarks, tradeValues, tradeVoxels } from './trade-voxels.ts';
import { boxGrid } from './working-grid.ts';

/** Where a structure comes to lie on the grid of the image. */
export interface MovedStructure {
  /** The voxels of the image that it can reach. */
  box: Box;
  /** The same voxels before the motion: their content moves into the box. */
  source: Grid;
  /** Voxels of the box that change places, so that the centroid comes where it should. */
  trades: Trade[];
  /** How far its centroid moved, mm. */
  displacementMm: number;
}

/** A motion that misses by more than this part of it is refused. */
const MOST_MISSED = 0.1;
/** A motion is mended until it misses by less than this part of it, or has been mended this often. */
const MISSED_AT_EASE = 0.02;
const MENDED_AT_MOST = 8;

/**
 * A structure after translation and rotation, its surface taken between voxels. Voxels take the surface in steps: where the
 * centroid of the mask misses, the motion is mended by as much, and by less where that was too much; what is still missed is
 * mended by voxels on the surface that change places. The volume stays. Refused when it would leave the image, fall apart or
 * join, or miss by more than a tenth of the way.
 */
export function moveStructure(
  structure: StructureField,
  { translationMm, rotationDeg }: Pick<Perturbation, 'translationMm' | 'rotationDeg'>,
): MovedStructure | Refusal {
  const asked: RigidMotion = { centreMm: structure.centreMm, rotationDeg, translationMm };
  if (isStill(asked)) return { ...placeOf(structure, asked), trades: [], displacementMm: 0 };
  const wayMm = norm(translationMm) + 2 * Math.abs(Math.sin((rotationDeg * Math.PI) / 360)) * structure.axialRadiusMm;
  const easeMm = MISSED_AT_EASE * wayMm;
  let best = tryMotion(structure, asked, translationMm);
  for (let mended = 0, part = 1; mended < MENDED_AT_MOST; mended++) {
    if (norm(best.missedMm) <= easeMm) break;
    const motion = { ...asked, translationMm: addScaled(best.motion.translationMm, -part, best.missedMm) };
    const next = tryMotion(structure, motion, translationMm);
    if (norm(next.missedMm) < norm(best.missedMm)) best = next;
    else part /= 2;
  }
  if (norm(best.missedMm) > easeMm) best = mendByTrades(structure, best, translationMm, easeMm);
  const displacementMm = norm(addScaled(translationMm, 1, best.missedMm));
  return (
    problemOf(best, structure, wayMm) ?? { ...placeOf(structure, best.motion), trades: best.trades, displacementMm }
  );
}

/**
 * The values of a field on the working grid where the structure comes to lie, within the image.
 * @returns also how many voxels of values up to 0, which are those inside, lie outside of the image
 */
export function valuesAfterMotion(
  field: Volume<Float32Array>,
  { box, source, trades }: Pick<MovedStructure, 'box' | 'source' | 'trades'>,
  image: Grid,
): { box: Box; values: Float64Array; outside: number } {
  const { data } = resampleLinear(field, source, Number.POSITIVE_INFINITY);
  tradeValues(data, trades);
  const shared = intersectBoxes(box, boxOf(image));
  if (voxelCount(shared) === data.length) return { box, values: data, outside: 0 };
  const values = new Float64Array(voxelCount(shared));
  const [nx, ny, nz] = shared.size;
  const [di, dj, dk] = shared.start.map((start, axis) => start - box.start[axis]);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = di + box.size[0] * (dj + j + box.size[1] * (dk + k));
      values.set(data.subarray(from, from + nx), nx * (j + ny * k));
    }
  }
  return { box: shared, values, outside: countInside(data) - countInside(values) };
}

function countInside(values: Float64Array): number {
  let count = 0;
  for (let v = 0; v < values.length; v++) if (values[v] <= 0) count++;
  return count;
}

function placeOf({ mask, box: reach }: StructureField, motion: RigidMotion): { box: Box; source: Grid } {
  const box = isStill(motion) ? reach : boxAfterMotion(mask.grid, reach, motion);
  return { box, source: gridBeforeMotion(boxGrid(mask.grid, box), motion) };
}

interface Attempt {
  motion: RigidMotion;
  moved: Mask;
  trades: Trade[];
  /** From where the centroid shall be to where it is. */
  missedMm: Vec3;
}

function tryMotion(structure: StructureField, motion: RigidMotion, askedMm: Vec3): Attempt {
  const { mask, field, count } = structure;
  const { box, source } = placeOf(structure, motion);
  const values = resampleLinear(field, source, Number.POSITIVE_INFINITY).data;
  const moved: Mask = cropMask({ grid: mask.grid, box, data: lowestVoxels(values, count).marks });
  return { motion, moved, trades: [], missedMm: missedBy(moved, structure, askedMm) };
}

function mendByTrades(structure: StructureField, attempt: Attempt, askedMm: Vec3, easeMm: number): Attempt {
  const { mask, field, count } = structure;
  const { box, source } = placeOf(structure, attempt.motion);
  const values = resampleLinear(field, source, Number.POSITIVE_INFINITY).data;
  const ranked = { grid: boxGrid(mask.grid, box), values, ...lowestVoxels(values, count) };
  const trades = tradeVoxels(ranked, multiplyTransposed(mask.grid.direction, attempt.missedMm), easeMm);
  tradeMarks(ranked.marks, trades);
  const moved: Mask = cropMask({ grid: mask.grid, box, data: ranked.marks });
  return { motion: attempt.motion, moved, trades, missedMm: missedBy(moved, structure, askedMm) };
}

function missedBy(moved: Mask, { centreMm }: StructureField, askedMm: Vec3): Vec3 {
  return subtract(subtract(maskCentroidMm(moved) ?? centreMm, centreMm), askedMm);
}

function problemOf(
  { moved, missedMm }: Attempt,
  { mask, count, parts }: StructureField,
  wayMm: number,
): Refusal | undefined {
  const lost = count - voxelsInImage(moved);
  if (lost > 0) return refusal('failed', `${lost} of ${count} voxels would lie outside the image`);
  if (norm(missedMm) > MOST_MISSED * wayMm) {
    const voxels = `${mask.grid.spacingMm.map((mm) => Number(mm.toFixed(3))).join(' x ')} mm`;
    const missed = `the centroid misses a motion of ${wayMm.toFixed(2)} mm by ${norm(missedMm).toFixed(2)} mm`;
    return refusal('failed', `${missed}: the structure has too few voxels of ${voxels} for it`);
  }
  const after = connectedComponents(moved, 26).sizes.length;
  return after === parts ? undefined : refusal('failed', `the structure would have ${after} parts instead of ${parts}`);
}

function voxelsInImage({ grid, box, data }: Mask): number {
  const [bx, by, bz] = box.size;
  let count = 0;
  for (let k = 0, v = 0; k < bz; k++) {
    for (let j = 0; j < by; j++) {
      const isRowInside = isWithin(box.start[1] + j, grid.size[1]) && isWithin(box.start[2] + k, grid.size[2]);
      for (let i = 0; i < bx; i++, v++)
        if (data[v] === 1 && isRowInside && isWithin(box.start[0] + i, grid.size[0])) count++;
    }
  }
  return count;
}

function isWithin(index: number, size: number): boolean {
  return index >= 0 && index < size;
}
