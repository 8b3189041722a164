import { BadInput } from '../errors.ts';
import { type Grid, sliceOffsetMm } from '../image/grid.ts';
import { addScaled, column, dot } from '../math/vec3.ts';
import type { Dose } from './dose.ts';
import { type DoseBox, type Tiling, tile } from './dose-tiles.ts';

/** Two parts differ where they overlap when their doses do by more than this part of the maximum. */
const SAME_DOSE = 1e-3;

/**
 * The dose of one plan that was written as several RTDOSE side by side, one for each plane or box, on one grid. Nothing
 * is interpolated: each voxel keeps its value.
 * @throws BadInput when the parts leave a hole, or differ where they overlap
 */
export function assembleDose(parts: Dose[], sopInstanceUid: string): Dose {
  const boxes = parts.map(({ volume }) => boxOf(volume.grid));
  const whole = tile(boxes);
  if (!whole) throw new BadInput('the doses of the plan do not fill one box', { where: parts[0].sopInstanceUid });
  const data = fill(parts, boxes, whole);
  return {
    ...parts[0],
    sopInstanceUid,
    planUids: [...new Set(parts.flatMap((part) => part.planUids))],
    structureSetUids: [...new Set(parts.flatMap((part) => part.structureSetUids))],
    volume: { grid: gridOf(parts[0].volume.grid, boxes, whole), data },
    findings: parts.flatMap((part) => part.findings),
  };
}

/** The grid that several doses fill together; undefined when they leave a hole. */
export function assembledGrid(grids: Grid[]): Grid | undefined {
  const boxes = grids.map(boxOf);
  const whole = tile(boxes);
  return whole && gridOf(grids[0], boxes, whole);
}

/** Where the voxels of a grid lie. */
function boxOf(grid: Grid): DoseBox {
  const [row, down, normal] = ([0, 1, 2] as const).map((axis) => column(grid.direction, axis));
  const level = dot(grid.originMm, normal);
  return {
    originMm: grid.originMm,
    row,
    down,
    normal,
    spacingMm: [grid.spacingMm[0], grid.spacingMm[1]],
    columns: grid.size[0],
    rows: grid.size[1],
    levelsMm: Array.from({ length: grid.size[2] }, (_, k) => level + sliceOffsetMm(grid, k)),
  };
}

function fill(parts: Dose[], boxes: DoseBox[], whole: Tiling): Float64Array<SharedArrayBuffer> {
  const perLevel = whole.columns * whole.rows;
  const count = perLevel * whole.levelsMm.length;
  const data = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
  const isSet = new Uint8Array(count);
  const tolerance = SAME_DOSE * Math.max(...parts.map(({ volume }) => greatest(volume.data)));
  parts.forEach(({ volume, sopInstanceUid }, n) => {
    const { columns, rows } = boxes[n];
    let from = 0;
    for (const level of whole.places[n].levels) {
      for (let j = 0; j < rows; j++) {
        let to = level * perLevel + (whole.places[n].row + j) * whole.columns + whole.places[n].column;
        for (let i = 0; i < columns; i++, from++, to++) {
          if (isSet[to] && Math.abs(data[to] - volume.data[from]) > tolerance)
            throw new BadInput('the doses of the plan differ where they overlap', { where: sopInstanceUid });
          data[to] = volume.data[from];
          isSet[to] = 1;
        }
      }
    }
  });
  return data;
}

function greatest(data: Float64Array): number {
  let most = 0;
  for (const value of data) if (value > most) most = value;
  return most;
}

const EVEN_TOLERANCE_MM = 0.01;

function gridOf(first: Grid, boxes: DoseBox[], { columns, rows, levelsMm, places }: Tiling): Grid {
  const { row, down, normal, spacingMm, originMm } = boxes[0];
  const corner = addScaled(
    addScaled(originMm, -places[0].column * spacingMm[0], row),
    -places[0].row * spacingMm[1],
    down,
  );
  const last = levelsMm.length - 1;
  const even = last > 0 ? (levelsMm[last] - levelsMm[0]) / last : first.spacingMm[2];
  const isEven = levelsMm.every((level, k) => Math.abs(level - levelsMm[0] - k * even) < EVEN_TOLERANCE_MM);
  return {
    size: [columns, rows, levelsMm.length],
    originMm: addScaled(corner, levelsMm[0] - dot(corner, normal), normal),
    spacingMm: [spacingMm[0], spacingMm[1], even],
    ...(isEven ? {} : { sliceOffsetsMm: Float64Array.from(levelsMm, (level) => level - levelsMm[0]) }),
    direction: first.direction,
    frameOfReferenceUid: first.frameOfReferenceUid,
  };
}
