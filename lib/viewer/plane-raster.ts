import type { Box, Grid } from '../image/grid.ts';
import { indexToPatient, patientToIndex } from '../image/grid.ts';
import { addScaled, column, dot, subtract, type Vec3 } from '../math/vec3.ts';
import type { Plane } from '../report/pictures/picture.ts';
import { VIEWS } from '../report/pictures/plane.ts';

/** Pixel centres on a plane through the patient: pixel (x, y) lies at `originMm` + x `stepX` + y `stepY` (LPS, mm). */
export interface PlaneRaster {
  originMm: Vec3;
  stepX: Vec3;
  stepY: Vec3;
  width: number;
  height: number;
}

/** Pixels of a raster: from (left, top) on. */
export interface RasterPart {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Cosine above which an axis of a grid counts as one of the patient's. */
const ALIGNED = 1 - 1e-9;

/**
 * The plane through a point, cut into pixels. On a grid along the patient's axes they are the voxels of the nearest slice,
 * so that nothing is interpolated; else squares as small as the smallest voxel side.
 * @param grid with even slices
 */
export function planeRaster(grid: Grid, plane: Plane, throughMm: Vec3): PlaneRaster {
  return alignedRaster(grid, plane, throughMm) ?? squareRaster(grid, plane, throughMm);
}

/** The direction through the planes: to the patient's left, back or head. */
export function planeNormal(plane: Plane): Vec3 {
  return axesOf(plane)[2];
}

/** The distance of neighbouring slices of a grid that a plane cuts least obliquely, mm. */
export function planeStepMm(grid: Grid, plane: Plane): number {
  const cosines = ([0, 1, 2] as const).map((a) => Math.abs(dot(column(grid.direction, a), planeNormal(plane))));
  return grid.spacingMm[cosines.indexOf(Math.max(...cosines))];
}

/** Across, down and through, as a reader of radiographs sees a plane. */
function axesOf(plane: Plane): [Vec3, Vec3, Vec3] {
  const { right, down, normal } = VIEWS[plane];
  const through: Vec3 = [0, 0, 0];
  through[normal] = 1;
  return [right, down, through];
}

function alignedRaster(grid: Grid, plane: Plane, throughMm: Vec3): PlaneRaster | undefined {
  const axes = axesOf(plane).map((wanted) =>
    ([0, 1, 2] as const).find((a) => Math.abs(dot(column(grid.direction, a), wanted)) > ALIGNED),
  );
  const [across, down, through] = axes;
  if (across === undefined || down === undefined || through === undefined) return undefined;
  const index: Vec3 = [0, 0, 0];
  const nearest = Math.round(patientToIndex(grid, throughMm)[through]);
  index[through] = Math.min(Math.max(nearest, 0), grid.size[through] - 1);
  return {
    originMm: indexToPatient(grid, index),
    stepX: scaled(column(grid.direction, across), grid.spacingMm[across]),
    stepY: scaled(column(grid.direction, down), grid.spacingMm[down]),
    width: grid.size[across],
    height: grid.size[down],
  };
}

function squareRaster(grid: Grid, plane: Plane, throughMm: Vec3): PlaneRaster {
  const [across, down, through] = axesOf(plane);
  const corners = boxCorners(grid, { start: [0, 0, 0], size: grid.size });
  const range = (axis: Vec3) => {
    const along = corners.map((corner) => dot(corner, axis));
    return { from: Math.min(...along), to: Math.max(...along) };
  };
  const [x, y, z] = [range(across), range(down), range(through)];
  const stepMm = Math.min(...grid.spacingMm);
  let originMm = scaled(across, x.from);
  originMm = addScaled(originMm, y.from, down);
  originMm = addScaled(originMm, Math.min(Math.max(dot(throughMm, through), z.from), z.to), through);
  return {
    originMm,
    stepX: scaled(across, stepMm),
    stepY: scaled(down, stepMm),
    width: Math.ceil((x.to - x.from) / stepMm) + 1,
    height: Math.ceil((y.to - y.from) / stepMm) + 1,
  };
}

/** The centre of the voxel nearest to a point: what is read out there is what is drawn there. */
export function nearestVoxelCentre(grid: Grid, pointMm: Vec3): Vec3 {
  const index = patientToIndex(grid, pointMm).map((at, axis) =>
    Math.min(Math.max(Math.round(at), 0), grid.size[axis] - 1),
  );
  return indexToPatient(grid, index as Vec3);
}

/** The pixels that points within a box of a grid, one voxel around it included, can lie on; undefined when there are none. */
export function partOf(raster: PlaneRaster, grid: Grid, box: Box): RasterPart | undefined {
  const around: Box = {
    start: [box.start[0] - 1, box.start[1] - 1, box.start[2] - 1],
    size: [box.size[0] + 2, box.size[1] + 2, box.size[2] + 2],
  };
  const pixels = boxCorners(grid, around).map((corner) => pixelOf(raster, corner));
  const left = Math.max(0, Math.floor(Math.min(...pixels.map(([x]) => x))));
  const top = Math.max(0, Math.floor(Math.min(...pixels.map(([, y]) => y))));
  const right = Math.min(raster.width - 1, Math.ceil(Math.max(...pixels.map(([x]) => x))));
  const bottom = Math.min(raster.height - 1, Math.ceil(Math.max(...pixels.map(([, y]) => y))));
  if (right < left || bottom < top) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Where a point, moved onto the plane, lies in pixels. */
export function pixelOf({ originMm, stepX, stepY }: PlaneRaster, pointMm: Vec3): [number, number] {
  const from = subtract(pointMm, originMm);
  return [dot(from, stepX) / dot(stepX, stepX), dot(from, stepY) / dot(stepY, stepY)];
}

export function pointOf({ originMm, stepX, stepY }: PlaneRaster, x: number, y: number): Vec3 {
  return addScaled(addScaled(originMm, x, stepX), y, stepY);
}

function scaled(vector: Vec3, factor: number): Vec3 {
  return addScaled([0, 0, 0], factor, vector);
}

function boxCorners(grid: Grid, { start, size }: Box): Vec3[] {
  const ends = ([0, 1, 2] as const).map((a) => [start[a], start[a] + size[a] - 1]);
  return ends[0].flatMap((i) => ends[1].flatMap((j) => ends[2].map((k) => indexToPatient(grid, [i, j, k]))));
}
