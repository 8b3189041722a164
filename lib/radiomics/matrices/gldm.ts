import { int32At, kernels, place, uint16At } from '../kernels/kernels.ts';
import type { LevelImage } from '../levels.ts';
import { directions, type FlatAxis, stride } from './directions.ts';
import { type SizeMatrix, sizeMatrix } from './size-matrix.ts';

/**
 * Grey-level dependence matrix (PyRadiomics GLDM, IBSI NGLDM, REK0): the column is 1 + the number of neighbours, at
 * Chebyshev distances in `distances`, whose level differs from the voxel's by at most `alpha`.
 */
export function dependence(
  image: LevelImage,
  distances: readonly number[],
  alpha: number,
  flat?: FlatAxis,
): SizeMatrix {
  const { roi, ranks, levels } = image;
  const { spans } = roi;
  const forward = directions(distances, flat).map((offset) => stride(roi.size, offset));
  const steps = [...forward, ...forward.map((step) => -step)];
  const compared = alpha === 0 ? ranks : levelNumbers(image);
  const [comparedAt, spansAt, stepsAt, dependentsAt] = place(compared, [
    spans.byteLength,
    4 * steps.length,
    ranks.byteLength,
  ]);
  int32At(spansAt, spans.length).set(spans);
  int32At(stepsAt, steps.length).set(steps);
  kernels().countDependents(comparedAt, spansAt, spans.length / 2, stepsAt, steps.length, alpha, dependentsAt);
  const dependents = uint16At(dependentsAt, ranks.length);
  const width = steps.length + 2;
  const table = new Uint32Array((levels.length + 1) * width);
  for (let n = 0; n < roi.voxels.length; n++) {
    const p = roi.voxels[n];
    table[ranks[p] * width + dependents[p] + 1]++;
  }
  return sizeMatrix(levels, table.subarray(width), width);
}

function levelNumbers({ roi, ranks, levels }: LevelImage): Uint16Array {
  const numbers = new Uint16Array(ranks.length);
  for (let n = 0; n < roi.voxels.length; n++) numbers[roi.voxels[n]] = levels[ranks[roi.voxels[n]] - 1];
  return numbers;
}
