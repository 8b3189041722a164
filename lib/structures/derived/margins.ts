import { type Grid, indexToPatient, type Mask } from '../../image/grid.ts';
import { countVoxels } from '../../image/mask.ts';
import { dilate, erode, type Reach } from '../../image/morphology.ts';
import { resampleMask } from '../../image/resample.ts';
import { column, IDENTITY, type Vec3 } from '../../math/vec3.ts';
import type { DerivedMargin } from './schema.ts';

/** How far a surface moves outward in each direction of the patient, mm; negative moves inward. */
export interface PatientMargins {
  anterior: number;
  posterior: number;
  left: number;
  right: number;
  superior: number;
  inferior: number;
}

/** Cosine from which a grid axis counts as a patient axis: half a degree. */
const ALIGNED = Math.cos((0.5 * Math.PI) / 180);

export function patientMargins(margin: DerivedMargin): PatientMargins {
  const uniform = typeof margin === 'number' ? margin : margin.uniform_mm;
  if (typeof margin === 'number' || typeof uniform === 'number') {
    const mm = uniform ?? 0;
    return { anterior: mm, posterior: mm, left: mm, right: mm, superior: mm, inferior: mm };
  }
  return {
    anterior: margin.anterior_mm,
    posterior: margin.posterior_mm,
    left: margin.left_mm,
    right: margin.right_mm,
    superior: margin.superior_mm,
    inferior: margin.inferior_mm,
  };
}

/**
 * A mask with its surface moved by a margin for each patient direction, whatever the orientation of its grid: first
 * everything that grows, then everything that shrinks. On a grid oblique to the patient unequal margins are worked out on
 * a grid along the patient's axes with the finest spacing of the mask's.
 */
export function applyMargins(mask: Mask, margins: PatientMargins): Mask {
  const growing = patientReach(margins, 1);
  const shrinking = patientReach(margins, -1);
  if (isNone(growing) && isNone(shrinking)) return mask;
  const alignment = alignmentOf(mask.grid);
  if (alignment) return grow(mask, alongGrid(growing, alignment), alongGrid(shrinking, alignment));
  if (isEven(growing) && isEven(shrinking)) return grow(mask, growing, shrinking);
  if (countVoxels(mask) === 0) return mask;
  const upright = resampleMask(mask, patientGrid(mask, growing));
  return resampleMask(grow(upright, growing, shrinking), mask.grid);
}

function grow(mask: Mask, growing: Reach, shrinking: Reach): Mask {
  const grown = isNone(growing) ? mask : dilate(mask, growing);
  return isNone(shrinking) ? grown : erode(grown, shrinking);
}

/** The part of the margins that grows (sign 1) or shrinks (sign -1), along +x, +y, +z (left, posterior, superior). */
function patientReach(margins: PatientMargins, sign: 1 | -1): Reach {
  const part = (mm: number) => Math.max(sign * mm, 0);
  return {
    up: [part(margins.left), part(margins.posterior), part(margins.superior)],
    down: [part(margins.right), part(margins.anterior), part(margins.inferior)],
  };
}

function isNone({ up, down }: Reach): boolean {
  return [...up, ...down].every((mm) => mm === 0);
}

function isEven({ up, down }: Reach): boolean {
  return [...up, ...down].every((mm) => mm === up[0]);
}

/** For each grid axis the patient axis that it follows and in which sense; undefined when oblique. */
function alignmentOf(grid: Grid): { axis: number; sign: number }[] | undefined {
  const axes = ([0, 1, 2] as const).map((a) => {
    const direction = column(grid.direction, a);
    const axis = direction.findIndex((cosine) => Math.abs(cosine) >= ALIGNED);
    return { axis, sign: Math.sign(direction[axis]) };
  });
  return axes.every(({ axis }) => axis >= 0) ? axes : undefined;
}

function alongGrid(reach: Reach, alignment: { axis: number; sign: number }[]): Reach {
  const towards = (sense: number) =>
    alignment.map(({ axis, sign }) => (sign === sense ? reach.up[axis] : reach.down[axis])) as Vec3;
  return { up: towards(1), down: towards(-1) };
}

/** A grid along the patient's axes around the mask and what it grows to. */
function patientGrid({ grid, box }: Mask, { up, down }: Reach): Grid {
  const step = Math.min(...grid.spacingMm);
  const corners = Array.from({ length: 8 }, (_, c) =>
    indexToPatient(grid, [0, 1, 2].map((a) => box.start[a] - 0.5 + ((c >> a) & 1) * box.size[a]) as Vec3),
  );
  const originMm = [0, 1, 2].map((a) => Math.min(...corners.map((p) => p[a])) - down[a] - 2 * step) as Vec3;
  const size = [0, 1, 2].map((a) => {
    const end = Math.max(...corners.map((p) => p[a])) + up[a] + 2 * step;
    return Math.ceil((end - originMm[a]) / step) + 1;
  }) as Vec3;
  return { size, originMm, spacingMm: [step, step, step], direction: IDENTITY };
}
