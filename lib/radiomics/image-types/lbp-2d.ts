import type { Volume, VoxelArray } from '../../image/grid.ts';

export interface PatternOptions {
  lbp2DRadius: number;
  lbp2DSamples: number;
  lbp2DMethod: 'default' | 'ror' | 'uniform' | 'var';
  /** Axis across the slices: 0 = z, 1 = y, 2 = x. */
  force2Ddimension: number;
}

/**
 * Local binary pattern of each slice (Ojala, Pietikäinen and Mäenpää 2002, doi:10.1109/TPAMI.2002.1017623) as
 * scikit-image's local_binary_pattern: samples on a circle by bilinear interpolation, 0 beyond the border. The codes are
 * kept in the type of the image.
 */
export function localBinaryPattern2D(image: Volume, options: PatternOptions): VoxelArray {
  const { data } = image;
  const [nx, ny, nz] = image.grid.size;
  const axes = [
    { across: nx * ny, slices: nz, row: nx, rows: ny, column: 1, columns: nx },
    { across: nx, slices: ny, row: nx * ny, rows: nz, column: 1, columns: nx },
    { across: 1, slices: nx, row: nx, rows: ny, column: nx * ny, columns: nz },
  ][options.force2Ddimension];
  const out = data.slice();
  const code = CODES[options.lbp2DMethod];
  const [rowSteps, columnSteps] = circle(options.lbp2DSamples, options.lbp2DRadius);
  const texture = new Float64Array(options.lbp2DSamples);
  for (let slice = 0; slice < axes.slices; slice++) {
    const start = slice * axes.across;
    const at = (r: number, c: number) =>
      r < 0 || c < 0 || r >= axes.rows || c >= axes.columns ? 0 : data[start + r * axes.row + c * axes.column];
    for (let r = 0; r < axes.rows; r++) {
      for (let c = 0; c < axes.columns; c++) {
        for (let n = 0; n < texture.length; n++) texture[n] = bilinear(at, r + rowSteps[n], c + columnSteps[n]);
        out[start + r * axes.row + c * axes.column] = code(texture, at(r, c));
      }
    }
  }
  return out;
}

/** Offsets rounded to five decimals, so that the samples on the axes hit voxels. */
function circle(samples: number, radius: number): [number[], number[]] {
  const angles = Array.from({ length: samples }, (_, n) => (2 * Math.PI * n) / samples);
  const rounded = (x: number) => Math.round(x * 1e5) / 1e5;
  return [angles.map((a) => rounded(-radius * Math.sin(a))), angles.map((a) => rounded(radius * Math.cos(a)))];
}

function bilinear(at: (r: number, c: number) => number, r: number, c: number): number {
  const [r0, c0, r1, c1] = [Math.floor(r), Math.floor(c), Math.ceil(r), Math.ceil(c)];
  const [dr, dc] = [r - r0, c - c0];
  const top = (1 - dc) * at(r0, c0) + dc * at(r0, c1);
  const bottom = (1 - dc) * at(r1, c0) + dc * at(r1, c1);
  return (1 - dr) * top + dr * bottom;
}

const CODES: Record<PatternOptions['lbp2DMethod'], (texture: Float64Array, centre: number) => number> = {
  default: binaryCode,
  ror: (texture, centre) => smallestRotation(binaryCode(texture, centre), texture.length),
  uniform: uniformCode,
  var: varianceCode,
};

function binaryCode(texture: Float64Array, centre: number): number {
  let code = 0;
  for (let n = 0; n < texture.length; n++) if (texture[n] - centre >= 0) code += 2 ** n;
  return code;
}

function smallestRotation(code: number, bits: number): number {
  let smallest = code;
  let turned = code;
  for (let n = 1; n < bits; n++) {
    turned = Math.floor(turned / 2) + (turned % 2) * 2 ** (bits - 1);
    smallest = Math.min(smallest, turned);
  }
  return smallest;
}

/** The number of ones when they change at most twice along the samples, else one more than the samples. */
function uniformCode(texture: Float64Array, centre: number): number {
  let ones = 0;
  let changes = 0;
  let before = texture[0] - centre >= 0;
  for (let n = 0; n < texture.length; n++) {
    const isOne = texture[n] - centre >= 0;
    if (isOne) ones++;
    if (isOne !== before) changes++;
    before = isOne;
  }
  return changes <= 2 ? ones : texture.length + 1;
}

function varianceCode(texture: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of texture) {
    sum += value;
    squares += value * value;
  }
  const variance = (squares - (sum * sum) / texture.length) / texture.length;
  return variance === 0 ? Number.NaN : variance;
}
