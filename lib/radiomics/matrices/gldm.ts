import { int32At, kernels, place, uint32At } from '../kernels/kernels.ts';
import type { LevelImage } from '../region/levels.ts';
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
  const { roi, ranks, levels, levelCount } = image;
  const { spans } = roi;
  const steps = directions(distances, flat).map((offset) => stride(roi.size, offset));
  const width = 2 * steps.length + 2;
  const compared = alpha === 0 ? ranks : levelNumbers(image);
  const rows = (alpha === 0 ? levels.length : levelCount) + 1;
  const lengths = [spans.byteLength, 4 * steps.length, 4 * rows * width];
  const [comparedAt, spansAt, stepsAt, tableAt] = place(compared, lengths);
  int32At(spansAt, spans.length).set(spans);
  int32At(stepsAt, steps.length).set(steps);
  const table = uint32At(tableAt, rows * width).fill(0);
  const spanCount = spans.length / 2;
  kernels().countDependents(comparedAt, spansAt, spanCount, stepsAt, steps.length, alpha, tableAt + 4, width);
  return sizeMatrix(levels, alpha === 0 ? table.subarray(width) : rowsOf(table, levels, width), width);
}

/** Levels by number: equal differences of ranks need not be equal differences of levels. */
function levelNumbers({ roi, ranks, levels }: LevelImage): Uint16Array {
  const numbers = new Uint16Array(ranks.length);
  for (let n = 0; n < roi.voxels.length; n++) numbers[roi.voxels[n]] = levels[ranks[roi.voxels[n]] - 1];
  return numbers;
}

function rowsOf(table: Uint32Array, levels: Float64Array, width: number): Uint32Array {
  const rows = new Uint32Array(levels.length * width);
  for (let row = 0; row < levels.length; row++) {
    rows.set(table.subarray(levels[row] * width, (levels[row] + 1) * width), row * width);
  }
  return rows;
}
