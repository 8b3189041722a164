import { readFileSync } from 'node:fs';
import { readDataSet } from '../../lib/dicom/read.ts';
import { IDENTITY } from '../../lib/math/vec3.ts';
import { readStructureSet } from '../../lib/rt/read-structure-set.ts';
import type { Roi } from '../../lib/rt/structure-set.ts';
import { maskOfRoi } from '../../lib/structures/rasterize.ts';
import { sharedPath } from '../../test/fixtures/shared.ts';

/** A shape as a smooth field on cubes of `stepMm`: inside where it is more than 0.5. */
export interface FineShape {
  name: string;
  size: [number, number, number];
  stepMm: number;
  data: Float32Array;
}

/** Structure sets, their ROIs, the step of the field and the width of the smoothing, mm. */
const SETS: [file: string, names: string[], stepMm: number][] = [
  [
    'raystation-brain-srs/RS1.2.752.243.1.1.20180405120828292.2900.76357.dcm',
    ['GTV_4', 'PTV_1', 'PTV_3', 'PTV_4', 'PTV_5', 'BRAIN STEM', 'OPTIC STRUCTURES', 'Low Dose Region', 'PTV4_WALL'],
    0.75,
  ],
  ['dicompyler-example/rtss.dcm', ['Heart', 'Breast', 'Tumor Bed', 'Tumor Bed Block'], 1.5],
  ['pancreas-rtstruct-keyhole/1-1.dcm', ['ROI', 'Stomach_duo_planCT', 'Bowel_sm_planCT', 'LUNG_L'], 2],
];

export function fineShapes(): FineShape[] {
  return SETS.flatMap(([file, names, stepMm]) => {
    const path = sharedPath(`data/${file}`);
    if (!path) throw new Error(`${file} is not beside the clone: npm run test:data`);
    const { rois } = readStructureSet(readDataSet(readFileSync(path)));
    return names.map((name) => {
      const roi = rois.find((one) => one.name === name);
      if (!roi) throw new Error(`${file} has no ROI ${name}`);
      return fieldOf(roi, stepMm);
    });
  });
}

const MARGIN = 6;

function fieldOf(roi: Roi, stepMm: number): FineShape {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { pointsMm } of roi.contours)
    pointsMm.forEach((c, n) => {
      low[n % 3] = Math.min(low[n % 3], c);
      high[n % 3] = Math.max(high[n % 3], c);
    });
  const size = low.map((c, a) => Math.ceil((high[a] - c) / stepMm) + 2 * MARGIN + 1) as [number, number, number];
  const originMm = low.map((c) => c - MARGIN * stepMm) as [number, number, number];
  const grid = { size, originMm, spacingMm: [stepMm, stepMm, stepMm] as [number, number, number], direction: IDENTITY };
  const { mask } = maskOfRoi(roi, grid);
  const data = new Float32Array(size[0] * size[1] * size[2]);
  const { start, size: box } = mask.box;
  for (let k = 0, v = 0; k < box[2]; k++)
    for (let j = 0; j < box[1]; j++)
      for (let i = 0; i < box[0]; i++, v++)
        data[i + start[0] + size[0] * (j + start[1] + size[1] * (k + start[2]))] = mask.data[v];
  for (let pass = 0; pass < SMOOTHINGS; pass++) smooth(data, size);
  return { name: roi.name, size, stepMm, data };
}

/** Means of three points along each axis, so often: steps of voxels go, shapes of some voxels stay. */
const SMOOTHINGS = 4;

/** The mean of every point and its two neighbours along each axis, in place. */
export function smooth(data: Float32Array, [nx, ny, nz]: [number, number, number]): void {
  const strides = [1, nx, nx * ny];
  const counts = [nx, ny, nz];
  for (const a of [0, 1, 2]) {
    const [stride, count] = [strides[a], counts[a]];
    for (let first = 0; first < data.length; first++) {
      if (Math.floor(first / stride) % count !== 0) continue;
      let before = 0;
      for (let n = 0, v = first; n < count; n++, v += stride) {
        const here = data[v];
        const after = n + 1 < count ? data[v + stride] : 0;
        data[v] = (before + here + after) / 3;
        before = here;
      }
    }
  }
}

/** The same shape with another of its axes across the planes: 0 for sagittal, 1 for coronal, 2 for axial. */
export function turnedTo(shape: FineShape, across: 0 | 1 | 2): FineShape {
  if (across === 2) return shape;
  const order = across === 0 ? [1, 2, 0] : [2, 0, 1];
  const size = order.map((a) => shape.size[a]) as [number, number, number];
  const strides = [1, shape.size[0], shape.size[0] * shape.size[1]];
  const data = new Float32Array(shape.data.length);
  for (let k = 0, v = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, v++)
        data[v] = shape.data[i * strides[order[0]] + j * strides[order[1]] + k * strides[order[2]]];
  return { ...shape, size, data };
}
