import { BadInput } from '../errors.ts';
import type { Grid } from '../image/grid.ts';
import { cross, normalize, type Vec3 } from '../math/vec3.ts';
import { ownKeys } from '../own-keys.ts';
import { type Affine, gridOfAffine } from './affine.ts';
import { type NrrdFields, requiredField } from './nrrd-header.ts';

/** Signs that turn the axes of a space to LPS. Spaces without anatomical names are taken as LPS, as in ITK. */
const SPACES: Record<string, Vec3> = ownKeys({
  ...{ 'left-posterior-superior': [1, 1, 1], lps: [1, 1, 1] },
  ...{ 'right-anterior-superior': [-1, -1, 1], ras: [-1, -1, 1] },
  ...{ 'left-anterior-superior': [1, -1, 1], las: [1, -1, 1] },
  ...{ 'scanner-xyz': [1, 1, 1], '3d-right-handed': [1, 1, 1], '3d-left-handed': [1, 1, 1] },
});

/** Millimetres per unit of `space units`. */
const MM_PER_UNIT: Record<string, number> = ownKeys({
  '': 1,
  mm: 1,
  cm: 10,
  m: 1000,
  um: 1e-3,
  µm: 1e-3,
  micron: 1e-3,
});

/**
 * The grid of the last two or three axes, in LPS: by space directions and origin, else by spacings and axis mins along x,
 * y, z. Two axes are one slice of 1 mm.
 * @throws BadInput for other spaces and units, and when the geometry is incomplete
 */
export function gridOfNrrd(fields: NrrdFields, axes: 2 | 3): Grid {
  const sizes = requiredField(fields, 'sizes').split(/\s+/).map(Number).slice(-axes);
  const size = (axes === 2 ? [...sizes, 1] : sizes) as Vec3;
  return gridOfAffine(fields.has('spacedirections') ? orientedAffine(fields, axes) : plainAffine(fields, axes), size);
}

function orientedAffine(fields: NrrdFields, axes: 2 | 3): Affine {
  const space = (fields.get('space') ?? 'left-posterior-superior').toLowerCase();
  const signs = SPACES[space];
  if (!signs) throw new BadInput(`the NRRD space "${space}" is not supported`);
  const directions = vectors(requiredField(fields, 'space directions'));
  const [origin = fields.has('spaceorigin') ? [] : [0, 0, 0]] = vectors(fields.get('spaceorigin') ?? '');
  if (directions.length !== axes || ![...directions, origin].every((vector) => vector.length === 3))
    throw new BadInput('the NRRD header has no complete geometry');
  const columns = directions as Vec3[];
  if (axes === 2) columns.push(normalize(cross(columns[0], columns[1])));
  const mm = mmPerUnit(fields);
  return [0, 1, 2].map((row) =>
    [...columns.map((column) => column[row]), origin[row]].map((value, at) => {
      const isAcross = axes === 2 && at === 2;
      return signs[row] * (isAcross ? 1 : mm) * value;
    }),
  ) as Affine;
}

/** Without directions a voxel is a cell, whose centre lies half a spacing behind the min of the axis, unless `centers` says node. */
function plainAffine(fields: NrrdFields, axes: 2 | 3): Affine {
  const numbers = (name: string) => fields.get(name)?.split(/\s+/).map(Number).slice(-axes) ?? [];
  const spacing = numbers('spacings').map((value) => (Number.isFinite(value) ? Math.abs(value) : 1));
  const mins = numbers('axismins');
  const centres = (fields.get('centers') ?? fields.get('centerings') ?? '').split(/\s+/).slice(-axes);
  return [0, 1, 2].map((row) => {
    const step = spacing[row] ?? 1;
    const min = mins[row] ?? Number.NaN;
    const start = Number.isFinite(min) ? min + (centres[row] === 'node' ? 0 : step / 2) : 0;
    return [0, 1, 2, 3].map((at) => (at === 3 ? start : at === row ? step : 0));
  }) as Affine;
}

/** "mm" "mm" "mm": one unit for all axes. */
function mmPerUnit(fields: NrrdFields): number {
  const units = [...(fields.get('spaceunits') ?? '').matchAll(/"([^"]*)"/g)].map(([, unit]) => unit.trim());
  const [first = ''] = units;
  const mm = MM_PER_UNIT[first.toLowerCase()];
  if (mm === undefined || units.some((unit) => unit !== first))
    throw new BadInput(`the NRRD space units ${fields.get('spaceunits')} are not supported`);
  return mm;
}

/** (1,0,0) (0,1,0) (0,0,1) */
function vectors(text: string): number[][] {
  return [...text.matchAll(/\(([^()]*)\)/g)].map((match) => match[1].split(',').map(Number));
}
