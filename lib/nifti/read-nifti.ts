import { NIFTI1, NIFTI2, readHeader } from 'nifti-reader-js';
import { BadInput } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { type Grid, indexToPatient, type Volume, type VoxelArray, voxelCount } from '../image/grid.ts';
import { norm, subtract, type Vec3 } from '../math/vec3.ts';
import { type Affine, flipLpsRas, gridOfAffine } from './affine.ts';
import { unpackedHead, unpackImage } from './inflate.ts';
import { BYTES_PER_VOXEL, decodeVoxels, type VoxelType } from './voxels.ts';

const VOXEL_TYPES: Record<number, VoxelType> = {
  [NIFTI1.TYPE_UINT8]: 'uint8',
  [NIFTI1.TYPE_INT8]: 'int8',
  [NIFTI1.TYPE_UINT16]: 'uint16',
  [NIFTI1.TYPE_INT16]: 'int16',
  [NIFTI1.TYPE_UINT32]: 'uint32',
  [NIFTI1.TYPE_INT32]: 'int32',
  [NIFTI1.TYPE_UINT64]: 'uint64',
  [NIFTI1.TYPE_INT64]: 'int64',
  [NIFTI1.TYPE_FLOAT32]: 'float32',
  [NIFTI1.TYPE_FLOAT64]: 'float64',
};

/** Millimetres per unit of xyzt_units; unknown units are taken as mm, which is what all medical writers mean. */
const MM_PER_UNIT: Record<number, number> = {
  [NIFTI1.UNITS_METER]: 1000,
  [NIFTI1.UNITS_MICRON]: 0.001,
};

/** More than rounding to float32 can do, less than any real difference of affine and pixdim. */
const PIXDIM_TOLERANCE = 1e-5;

/** Part of a voxel by which sform and qform may differ and still be the same: a quaternion of float32 numbers. */
const SAME_FORMS = 0.01;

/** A volume with what is odd about its file. */
export interface ReadVolume extends Volume {
  findings: Finding[];
}

/**
 * A NIfTI-1 or NIfTI-2 file (.nii, .nii.gz) with its grid in LPS. The sform wins when its code is above 0, as in nibabel
 * and FSL; then the qform; with neither code the voxels lie along R, A, S. When scl_slope and scl_inter change anything,
 * intensities become float32 numbers, as in ITK, or stay float64 ones; else they keep their type.
 * @throws BadInput for other files, more than three dimensions, colour or complex voxels, and sheared grids
 */
export function readNifti(file: Uint8Array): ReadVolume {
  const isPacked = file[0] === 0x1f && file[1] === 0x8b;
  const head = headerOf(isPacked ? unpackedHead(file, NIFTI2_BYTES) : file);
  const header = parseHeader(head);
  const { grid, findings } = readGrid(header, new DataView(head));
  const type = VOXEL_TYPES[header.datatypeCode];
  if (!type) throw new BadInput(`NIfTI datatype ${header.datatypeCode} holds no plain numbers`);
  if (!(header.vox_offset >= 0)) throw new BadInput(`the voxels of the NIfTI file begin at byte ${header.vox_offset}`);
  const count = voxelCount(grid);
  const end = header.vox_offset + count * BYTES_PER_VOXEL[type];
  const bytes = isPacked ? unpackImage(file, end, 'gzip') : file;
  const voxels = bytes.subarray(header.vox_offset, end);
  return { grid, data: scale(decodeVoxels(voxels, type, header.littleEndian, count), header), findings };
}

const NIFTI1_BYTES = 348;
const NIFTI2_BYTES = 540;

/** The header alone, without its extensions: they hold nothing that is read, and their lengths may be anything. */
function headerOf(file: Uint8Array): ArrayBuffer {
  const start = new DataView(new Uint8Array(file.subarray(0, 4)).buffer);
  const isSecond = start.byteLength === 4 && [true, false].some((little) => start.getInt32(0, little) === NIFTI2_BYTES);
  return new Uint8Array(file.subarray(0, isSecond ? NIFTI2_BYTES : NIFTI1_BYTES)).buffer;
}

type Header = NIFTI1 | NIFTI2;

function parseHeader(buffer: ArrayBuffer): Header {
  try {
    return readHeader(buffer) as Header;
  } catch (cause) {
    throw new BadInput('this is not a NIfTI file', { cause });
  }
}

function readGrid(header: Header, bytes: DataView): { grid: Grid; findings: Finding[] } {
  const { dims } = header;
  const more = dims.slice(4, 1 + dims[0]).filter((size) => size > 1);
  if (more.length > 0) throw new BadInput(`the NIfTI image has ${dims[0]} dimensions: ${dims.slice(1, 1 + dims[0])}`);
  const size: Vec3 = [dims[1], dims[0] > 1 ? dims[2] : 1, dims[0] > 2 ? dims[3] : 1];
  const factor = MM_PER_UNIT[header.xyzt_units & NIFTI1.SPATIAL_UNITS_MASK] ?? 1;
  const gridOf = (matrix: number[][]) =>
    gridOfAffine(flipLpsRas(matrix.slice(0, 3).map((row) => row.map((value) => factor * value)) as Affine), size);
  const pixdimMm = [1, 2, 3].map((axis) => factor * header.pixDims[axis]);
  const grid = gridOf(affineOf(header, bytes));
  const findings = formFindings(header, grid, pixdimMm, gridOf);
  return {
    grid: { ...grid, spacingMm: grid.spacingMm.map((spacing, axis) => sharper(spacing, pixdimMm[axis])) as Vec3 },
    findings,
  };
}

/** A turned affine of float32 numbers loses the last digits of a spacing that pixdim still has; ITK reads it from there. */
function sharper(spacingMm: number, pixdimMm: number): number {
  return isSame(spacingMm, pixdimMm) ? pixdimMm : spacingMm;
}

function isSame(spacingMm: number, pixdimMm: number): boolean {
  return Math.abs(pixdimMm - spacingMm) < PIXDIM_TOLERANCE * spacingMm;
}

function affineOf(header: Header, bytes: DataView): number[][] {
  if (header.sform_code > 0) return sformOf(header, bytes);
  if (header.qform_code > 0) return header.getQformMat();
  const [, x, y, z] = header.pixDims;
  return [
    [Math.abs(x), 0, 0, 0],
    [0, Math.abs(y), 0, 0],
    [0, 0, Math.abs(z), 0],
  ];
}

/** srow_x, srow_y and srow_z from the bytes: `header.affine` is the qform when that has the higher code. */
function sformOf(header: Header, bytes: DataView): number[][] {
  const at = (n: number) =>
    header instanceof NIFTI2
      ? bytes.getFloat64(400 + 8 * n, header.littleEndian)
      : bytes.getFloat32(280 + 4 * n, header.littleEndian);
  return [0, 4, 8].map((row) => [0, 1, 2, 3].map((n) => at(row + n)));
}

/** Where the header contradicts itself, readers choose differently: nibabel takes the sform, ITK at times the qform. */
function formFindings(header: Header, grid: Grid, pixdimMm: number[], gridOf: (matrix: number[][]) => Grid): Finding[] {
  if (header.sform_code <= 0) return [];
  const { spacingMm } = grid;
  if (!spacingMm.every((spacing, axis) => isSame(spacing, pixdimMm[axis]))) {
    const sizes = [spacingMm, pixdimMm].map((mm) => mm.map((size) => Number(size.toPrecision(6))).join(' x '));
    const message = `voxels are ${sizes[0]} mm by the sform, which is taken, and ${sizes[1]} mm by pixdim`;
    return [finding('NIFTI_VOXEL_SIZES_DIFFER', 'sform', message)];
  }
  if (header.qform_code <= 0) return [];
  const apartMm = cornersApartMm(grid, gridOf(header.getQformMat()));
  if (apartMm <= SAME_FORMS * Math.min(...spacingMm)) return [];
  const codes = `sform (code ${header.sform_code}) and qform (code ${header.qform_code})`;
  const message = `${codes} place voxels up to ${apartMm.toPrecision(3)} mm apart; the sform is taken`;
  return [finding('NIFTI_FORMS_DIFFER', 'sform', message)];
}

function cornersApartMm(a: Grid, b: Grid): number {
  const ends = a.size.map((count) => [0, count - 1]);
  const corners = ends[0].flatMap((i) => ends[1].flatMap((j) => ends[2].map((k): Vec3 => [i, j, k])));
  return Math.max(...corners.map((corner) => norm(subtract(indexToPatient(a, corner), indexToPatient(b, corner)))));
}

/** A slope of 0 means "not scaled" (nifti1.h). */
function scale(data: VoxelArray, { scl_slope: slope, scl_inter: intercept }: Header): VoxelArray {
  if (slope === 0 || !Number.isFinite(slope) || (slope === 1 && intercept === 0)) return data;
  const scaled = data instanceof Float64Array ? data : new Float32Array(data.length);
  for (let n = 0; n < scaled.length; n++) scaled[n] = slope * data[n] + intercept;
  return scaled;
}
