import type { Volume } from '../../image/grid.ts';
import type { Vec3 } from '../../math/vec3.ts';
import { MM3_PER_CC } from '../../units.ts';
import { SliceTally } from './slice-tally.ts';

/** What the values of a CT say of its calibration. */
export interface HuFacts {
  /** True when a voxel that the scanner filled lies below -400 HU. */
  hasAir: boolean;
  /** Most frequent value there, in steps of 10 HU; undefined when it is no homogeneous air, as in a crop of a lung. */
  airHu?: number;
  /** Most frequent value from -400 to 400 HU, in steps of 10 HU; undefined when no tissue prevails, as in a crop of bone. */
  tissueHu?: number;
  metalCc: number;
  /** Middle of the metal on the slice that has most of it, mm. */
  metalMm?: Vec3;
}

const STEP_HU = 10;
/** Between lung and fat: no tissue of the body lies there in number. */
const AIR_BELOW_HU = -400;
const TISSUE_BELOW_HU = 400;
/** Below it stands padding, -2000 or -3024, outside of the round field of view. */
const PADDING_BELOW_HU = -1500;

/** Air around a patient is homogeneous: of the voxels below -400 HU this part lies near their most frequent value. */
const AIR: Prevailing = { part: 0.6, reachHu: 20 };
/** Fat and muscle lie side by side. */
const TISSUE: Prevailing = { part: 0.3, reachHu: 50 };

interface Prevailing {
  part: number;
  reachHu: number;
}

/** Modes of air and soft tissue, and the volume above `metalHu`. */
export function huFacts({ grid, data }: Volume, metalHu: number): HuFacts {
  const first = PADDING_BELOW_HU / STEP_HU;
  const counts = new Uint32Array(TISSUE_BELOW_HU / STEP_HU - first);
  let metal = 0;
  const tally = new SliceTally();
  const [nx, ny] = grid.size;
  for (let v = 0; v < data.length; v++) {
    const value = data[v];
    if (value > metalHu) {
      metal++;
      tally.add(v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny)));
    }
    const bin = Math.floor(value / STEP_HU) - first;
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
  const split = AIR_BELOW_HU / STEP_HU - first;
  const air = counts.subarray(0, split);
  const [sx, sy, sz] = grid.spacingMm;
  return {
    hasAir: air.some((count) => count > 0),
    airHu: modeHu(air, PADDING_BELOW_HU, AIR),
    tissueHu: modeHu(counts.subarray(split), AIR_BELOW_HU, TISSUE),
    metalCc: (metal * sx * sy * sz) / MM3_PER_CC,
    metalMm: tally.middleMm(grid),
  };
}

/** Middle of the fullest bin; undefined unless the asked part of all lies within its reach. */
function modeHu(counts: Uint32Array, startHu: number, { part, reachHu }: Prevailing): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mode = counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
  const reach = reachHu / STEP_HU;
  const near = counts.subarray(Math.max(0, mode - reach), mode + reach + 1).reduce((sum, count) => sum + count, 0);
  return total > 0 && near >= part * total ? startHu + (mode + 0.5) * STEP_HU : undefined;
}
