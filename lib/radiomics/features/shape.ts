import { type VoxelRoi, voxelVolumeMm3 } from '../region/roi.ts';
import { diameters } from './diameters.ts';
import { meshSize } from './mesh.ts';
import { principalVariances } from './principal-axes.ts';

/** Lengths mm, areas mm², volumes mm³. Field names are PyRadiomics'; the last three are computed there only by name. */
export interface ShapeFeatures {
  Elongation: number;
  Flatness: number;
  LeastAxisLength: number;
  MajorAxisLength: number;
  Maximum2DDiameterColumn: number;
  Maximum2DDiameterRow: number;
  Maximum2DDiameterSlice: number;
  Maximum3DDiameter: number;
  MeshVolume: number;
  MinorAxisLength: number;
  Sphericity: number;
  SurfaceArea: number;
  SurfaceVolumeRatio: number;
  VoxelVolume: number;
  Compactness1: number;
  Compactness2: number;
  SphericalDisproportion: number;
}

/** Shape of a region (IBSI 1, chapter 3.1), from its mesh and its voxel centres; direction cosines play no part. */
export function shapeFeatures(roi: VoxelRoi): ShapeFeatures {
  const inside = new Uint8Array(roi.size[0] * roi.size[1] * roi.size[2]);
  for (let n = 0; n < roi.voxels.length; n++) inside[roi.voxels[n]] = 1;
  const { areaMm2, volumeMm3 } = meshSize(roi, inside);
  const longest = diameters(roi, inside);
  const [major, minor, least] = principalVariances(roi).map(withoutRoundOff);
  const sphereArea = (36 * Math.PI * volumeMm3 ** 2) ** (1 / 3);
  return {
    Elongation: Math.sqrt(minor / major),
    Flatness: Math.sqrt(least / major),
    LeastAxisLength: 4 * Math.sqrt(least),
    MajorAxisLength: 4 * Math.sqrt(major),
    Maximum2DDiameterColumn: longest.columnMm,
    Maximum2DDiameterRow: longest.rowMm,
    Maximum2DDiameterSlice: longest.sliceMm,
    Maximum3DDiameter: longest.maximumMm,
    MeshVolume: volumeMm3,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Sphericity: sphereArea / areaMm2,
    SurfaceArea: areaMm2,
    SurfaceVolumeRatio: areaMm2 / volumeMm3,
    VoxelVolume: roi.voxels.length * voxelVolumeMm3(roi),
    Compactness1: volumeMm3 / (areaMm2 ** 1.5 * Math.sqrt(Math.PI)),
    Compactness2: (36 * Math.PI * volumeMm3 ** 2) / areaMm2 ** 3,
    SphericalDisproportion: areaMm2 / sphereArea,
  };
}

/** A flat region has a least variance of 0; rounding may make it slightly negative. */
function withoutRoundOff(variance: number): number {
  return variance < 0 && variance > -1e-10 ? 0 : variance;
}
