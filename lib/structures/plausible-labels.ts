import { type Finding, finding } from '../findings.ts';
import { type Grid, indexToPatient } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { ownKeys } from '../own-keys.ts';
import { MM3_PER_CC } from '../units.ts';
import { harmonise } from './names/harmonise.ts';
import { implausibleVertebrae } from './plausible-vertebrae.ts';

/**
 * Volumes of an adult in cc: masses of the reference man by ICRP 89 (table 2.8; hollow organs with their contents) at
 * 1.05 g/cc, lungs by his total lung capacity.
 */
const ADULT_CC: Readonly<Record<string, number>> = ownKeys({
  ...{ Brain: 1380, Heart: 800, Liver: 1715, Spleen: 143, Pancreas: 133, Stomach: 380, Gallbladder: 65 },
  ...{ Kidney_L: 148, Kidney_R: 148, Kidneys: 295, Lung_L: 3300, Lung_R: 3700, Lungs: 7000, Glnd_Thyroid: 19 },
});
/** A newborn's organs are about a twentieth of an adult's, his lungs a fortieth. */
const LEAST = 1 / 40;
const MOST = 4;
/** A left structure whose centre lies so far to the right of the right one's is no matter of a crooked patient. */
const SIDE_MM = 10;

/** A label of a model and what is drawn with it. */
interface Drawn {
  name: string;
  standardName: string | null;
  voxels: number;
  centreMm: Vec3;
  touchesBorder: boolean;
}

/**
 * What of a label map no patient has: sides that changed places, organs much too large, or whole and much too small, a spine
 * out of order.
 */
export function implausibleLabels(
  labels: { value: number; name: string }[],
  { grid, data }: { grid: Grid; data: Uint8Array | Uint16Array },
  where: string,
): Finding[] {
  const drawn = measure(labels, grid, data);
  return [
    ...swappedSides(drawn, where),
    ...implausibleVolumes(drawn, grid, where),
    ...implausibleVertebrae(
      drawn,
      labels.map(({ name }) => name),
      where,
    ),
  ];
}

function swappedSides(drawn: Drawn[], where: string): Finding[] {
  return drawn.flatMap((left) => {
    const base = sideOf(left, /^(.*)[_ -](?:L|left)$/i);
    const right = drawn.find((other) => base !== undefined && sideOf(other, /^(.*)[_ -](?:R|right)$/i) === base);
    if (!right || left.centreMm[0] > right.centreMm[0] - SIDE_MM) return [];
    const apart = Math.round(right.centreMm[0] - left.centreMm[0]);
    const message = `${left.name} lies ${apart} mm to the right of ${right.name}`;
    return [finding('SEGMENTED_SIDES_SWAPPED', where, message)];
  });
}

function sideOf({ name, standardName }: Drawn, pattern: RegExp): string | undefined {
  return pattern.exec(standardName ?? name)?.[1];
}

function implausibleVolumes(drawn: Drawn[], { spacingMm }: Grid, where: string): Finding[] {
  const voxelCc = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / MM3_PER_CC;
  return drawn.flatMap(({ name, standardName, voxels, touchesBorder }) => {
    const adult = ADULT_CC[standardName ?? ''];
    const volume = voxels * voxelCc;
    const isTooSmall = volume < LEAST * adult && !touchesBorder;
    if (adult === undefined || (volume <= MOST * adult && !isTooSmall)) return [];
    const message = `${name} has ${volume.toPrecision(3)} cc; in adults it has about ${adult} cc`;
    return [finding('SEGMENTED_VOLUME_IMPLAUSIBLE', where, message)];
  });
}

function measure(labels: { value: number; name: string }[], grid: Grid, data: Uint8Array | Uint16Array): Drawn[] {
  const most = Math.max(0, ...labels.map(({ value }) => value));
  const sums = new Float64Array(4 * (most + 1));
  const touching = new Uint8Array(most + 1);
  const [nx, ny, nz] = grid.size;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const isEdgeRow = k === 0 || k === nz - 1 || j === 0 || j === ny - 1;
      for (let i = 0; i < nx; i++, at++) {
        const value = data[at];
        if (value === 0) continue;
        sums[4 * value]++;
        sums[4 * value + 1] += i;
        sums[4 * value + 2] += j;
        sums[4 * value + 3] += k;
        if (isEdgeRow || i === 0 || i === nx - 1) touching[value] = 1;
      }
    }
  }
  return labels.flatMap(({ value, name }) => {
    const [voxels, i, j, k] = sums.subarray(4 * value, 4 * value + 4);
    if (voxels === 0) return [];
    const centreMm = indexToPatient(grid, [i / voxels, j / voxels, k / voxels]);
    const { standardName } = harmonise(name);
    return [{ name, standardName, voxels, centreMm, touchesBorder: touching[value] === 1 }];
  });
}
