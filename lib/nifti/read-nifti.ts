import { gunzipSync } from 'node:zlib';
import { NIFTI1, type NIFTI2, readHeader, readImage } from 'nifti-reader-js';
import { BadInput } from '../errors.ts';
import { type Grid, type Volume, type VoxelArray, voxelCount } from '../image/grid.ts';
import type { Vec3 } from '../math/vec3.ts';
import { type Affine, flipLpsRas, gridOfAffine } from './affine.ts';
import { decodeVoxels, type VoxelType } from './voxels.ts';

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

/**
 * A NIfTI-1 or NIfTI-2 file (.nii, .nii.gz) with its grid in LPS. The sform wins when its code is not lower than the
 * qform's, as in nibabel and ITK; with neither code the voxels lie along R, A, S. Intensities are scaled by scl_slope
 * and scl_inter to 64-bit numbers when these change anything, else they keep their type.
 * @throws BadInput for other files, more than three dimensions, colour or complex voxels, and sheared grids
 */
export function readNifti(file: Uint8Array): Volume {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzip(file) : file;
  const buffer = new Uint8Array(bytes).buffer;
  const header = parseHeader(buffer);
  const grid = readGrid(header);
  const type = VOXEL_TYPES[header.datatypeCode];
  if (!type) throw new BadInput(`NIfTI datatype ${header.datatypeCode} holds no plain numbers`);
  const image = new Uint8Array(readImage(header, buffer));
  return { grid, data: scale(decodeVoxels(image, type, header.littleEndian, voxelCount(grid)), header) };
}

function gunzip(file: Uint8Array): Uint8Array {
  try {
    return gunzipSync(file);
  } catch (cause) {
    throw new BadInput('the gzip file is broken', { cause });
  }
}

type Header = NIFTI1 | NIFTI2;

function parseHeader(buffer: ArrayBuffer): Header {
  try {
    return readHeader(buffer) as Header;
  } catch (cause) {
    throw new BadInput('this is not a NIfTI file', { cause });
  }
}

function readGrid(header: Header): Grid {
  const { dims } = header;
  const more = dims.slice(4, 1 + dims[0]).filter((size) => size > 1);
  if (more.length > 0) throw new BadInput(`the NIfTI image has ${dims[0]} dimensions: ${dims.slice(1, 1 + dims[0])}`);
  const size: Vec3 = [dims[1], dims[0] > 1 ? dims[2] : 1, dims[0] > 2 ? dims[3] : 1];
  if (!size.every((count) => count > 0)) throw new BadInput(`the NIfTI image has no voxels: ${size.join(' x ')}`);
  const factor = MM_PER_UNIT[header.xyzt_units & NIFTI1.SPATIAL_UNITS_MASK] ?? 1;
  const affine = affineOf(header).map((row) => row.map((value) => factor * value)) as Affine;
  const grid = gridOfAffine(flipLpsRas(affine), size);
  return {
    ...grid,
    spacingMm: grid.spacingMm.map((spacing, axis) => sharper(spacing, factor * header.pixDims[axis + 1])) as Vec3,
  };
}

/** A turned affine of float32 numbers loses the last digits of a spacing that pixdim still has; ITK reads it from there. */
function sharper(spacingMm: number, pixdimMm: number): number {
  return Math.abs(pixdimMm - spacingMm) < PIXDIM_TOLERANCE * spacingMm ? pixdimMm : spacingMm;
}

function affineOf(header: Header): number[][] {
  if (header.sform_code > 0 && header.sform_code >= header.qform_code) return header.affine.slice(0, 3);
  if (header.qform_code > 0) return header.getQformMat().slice(0, 3);
  const [, x, y, z] = header.pixDims;
  return [
    [Math.abs(x), 0, 0, 0],
    [0, Math.abs(y), 0, 0],
    [0, 0, Math.abs(z), 0],
  ];
}

/** A slope of 0 means "not scaled" (nifti1.h). */
function scale(data: VoxelArray, { scl_slope: slope, scl_inter: intercept }: Header): VoxelArray {
  if (slope === 0 || !Number.isFinite(slope) || (slope === 1 && intercept === 0)) return data;
  return Float64Array.from(data, (value) => slope * value + intercept);
}
