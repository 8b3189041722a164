import { indexToPatient, type Mask } from '../../image/grid.ts';
import { resampleMask } from '../../image/resample.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { centreMm, centroidMm } from '../../report/pictures/extent.ts';
import type { PicturedRoi, Scene, SceneDose, Wanted } from '../../report/pictures/picture.ts';
import type { Dose } from '../../rt/dose.ts';
import { type TargetKind, targetKind } from '../../rt/target.ts';
import type { Row } from '../../tables/table.ts';
import type { DrawnStructure, StageScene } from './scene.ts';
import type { PlaneChooser } from './write.ts';

/** What was computed of the course: where to look follows from it. */
export interface DvhRows {
  metrics: Row[];
  goals: Row[];
}

/** Structures that miss a goal get a picture each, up to so many. */
const MOST_GOALS = 6;
/** Which target pictures are centred on, when there are several kinds. */
const TARGET_ORDER: TargetKind[] = ['PTV', 'CTV', 'ITV', 'GTV', 'TREATED_VOLUME'];

/**
 * The planes that a reader looks at first: three through the target, its upper and lower part, the hottest point, and where
 * structures miss their goals.
 */
export function dosePlanes(rows: DvhRows): PlaneChooser {
  return {
    wants: ({ role }, hasStructures) => role === 'planning' || hasStructures,
    choose: (scene) => ({ planes: wantedPlanes(scene, rows), notes: goalsNotDrawn(rows) }),
  };
}

function goalsNotDrawn({ goals }: DvhRows): string[] {
  const more = failedGoals(goals).length - MOST_GOALS;
  return more > 0 ? [`${more} more failed goals are not drawn.`] : [];
}

function failedGoals(goals: Row[]): Row[] {
  return goals.filter(({ result }) => result === 'fail');
}

function wantedPlanes(scene: StageScene, { metrics, goals }: DvhRows): Wanted[] {
  const { structures } = scene;
  const target = chosenTarget(structures, metrics);
  const at = target ? centroidMm(target.mask) : centreMm(scene.volume.grid);
  const reason = target ? `centre of ${target.roi.roiName}` : 'centre of the image';
  const threePlanes = (['axial', 'coronal', 'sagittal'] as const).map((plane) => ({ plane, pointMm: at, reason }));
  return [
    ...threePlanes,
    ...(target ? endsOf(target) : []),
    ...scene.doses.map(hottestPlane),
    ...failedGoals(goals)
      .slice(0, MOST_GOALS)
      .flatMap((goal) => goalPlane(scene, structures, goal) ?? []),
  ];
}

/** PTV before CTV before GTV; of one kind those drawn by hand, then that of the highest mean dose, then the largest. */
function chosenTarget(structures: DrawnStructure[], metrics: Row[]): DrawnStructure | undefined {
  const ranked = structures.flatMap((structure) => {
    const { roiName: name, interpretedType, source, volumeCc, roiNumber } = structure.record;
    const kind = targetKind({ name, interpretedType });
    const rank = kind === undefined ? -1 : TARGET_ORDER.indexOf(kind);
    return rank < 0
      ? []
      : [
          {
            structure,
            order: [rank, source === 'manual' ? 0 : 1, -meanDoseGy(structure, metrics), -volumeCc, roiNumber],
          },
        ];
  });
  ranked.sort((a, b) => a.order.map((value, n) => value - b.order[n]).find((difference) => difference !== 0) ?? 0);
  return ranked[0]?.structure;
}

function meanDoseGy({ roi }: DrawnStructure, metrics: Row[]): number {
  return Number(metrics.find((row) => isRowOf(row, roi))?.['Mean[Gy]'] ?? 0);
}

function isRowOf(row: Row, { roiNumber, source, structureSetUid }: PicturedRoi): boolean {
  return row.roi_number === roiNumber && row.source === source && row.structure_set_uid === structureSetUid;
}

/** A quarter of its height from the top and from the bottom of a target. */
function endsOf({ roi, mask }: DrawnStructure): Wanted[] {
  const [i, j] = mask.box.start.map((start, axis) => start + mask.box.size[axis] / 2);
  const [first, size] = [mask.box.start[2], mask.box.size[2]];
  const points = [0.25, 0.75].map((part) => indexToPatient(mask.grid, [i, j, first + part * (size - 1)]));
  points.sort((a, b) => b[2] - a[2]);
  return points.map((pointMm, n) => ({
    plane: 'axial',
    pointMm,
    reason: `${n === 0 ? 'upper' : 'lower'} part of ${roi.roiName}`,
  }));
}

function hottestPlane({ volume }: SceneDose): Wanted {
  const { index, doseGy } = extreme(volume.data, () => true, 1);
  const pointMm = pointOf(volume.grid, index);
  return { plane: 'axial', pointMm, reason: `hottest point, ${doseGy.toFixed(2)} Gy` };
}

/** Where the structure gets most, when its goal is an upper limit; where it gets least, when it is a lower one. */
function goalPlane({ doses }: Scene, structures: DrawnStructure[], goal: Row): Wanted | undefined {
  const structure = structures.find(({ roi }) => isRowOf(goal, roi));
  const dose = doses.find(({ doseUid }) => doseUid === goal.dose_uid);
  if (!structure || !dose) return undefined;
  const { grid, data } = dose.volume;
  const mask = resampleMask(structure.mask, grid);
  const inside = new Uint8Array(data.length);
  forEachInside(mask, (at) => {
    inside[at] = 1;
  });
  if (!inside.includes(1)) return undefined;
  const isUpper = String(goal.comparison).startsWith('<');
  const { index, doseGy } = extreme(data, (at) => inside[at] === 1, isUpper ? 1 : -1);
  const most = isUpper ? 'most' : 'least';
  return {
    plane: 'axial',
    pointMm: pointOf(grid, index),
    reason: `${goal.goal} fails: ${most} dose, ${doseGy.toFixed(2)} Gy`,
  };
}

function forEachInside({ grid, box, data }: Mask, visit: (at: number) => void): void {
  const [nx, ny] = grid.size;
  let from = 0;
  for (let k = box.start[2]; k < box.start[2] + box.size[2]; k++)
    for (let j = box.start[1]; j < box.start[1] + box.size[1]; j++)
      for (let i = box.start[0]; i < box.start[0] + box.size[0]; i++, from++)
        if (data[from] !== 0) visit(i + nx * (j + ny * k));
}

/** The first voxel of the greatest (`sign` 1) or least (-1) dose among those that count. */
function extreme(data: Float64Array, counts: (at: number) => boolean, sign: 1 | -1): { index: number; doseGy: number } {
  let index = -1;
  for (let at = 0; at < data.length; at++)
    if (counts(at) && (index < 0 || sign * data[at] > sign * data[index])) index = at;
  return { index, doseGy: data[index] };
}

function pointOf(grid: Dose['volume']['grid'], index: number): Vec3 {
  const [nx, ny] = grid.size;
  return indexToPatient(grid, [index % nx, Math.floor(index / nx) % ny, Math.floor(index / (nx * ny))]);
}
