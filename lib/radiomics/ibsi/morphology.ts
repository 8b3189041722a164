import { type Finding, finding } from '../../findings.ts';
import type { Grid, Mask, Volume } from '../../image/grid.ts';
import { convexHull } from '../../math/convex-hull.ts';
import { norm, subtract, type Vec3 } from '../../math/vec3.ts';
import { shapeFeatures } from '../features/shape.ts';
import { roiOf, type VoxelRoi, valuesOf } from '../region/roi.ts';
import { axisAlignedBox, type BoundingSize, orientedBox } from './bounding-box.ts';
import { ellipsoid, enclosingEllipsoid } from './ellipsoid.ts';
import { hullPoints, indexOf } from './hull-points.ts';
import { cellCount, MAX_CELLS, spatialAutocorrelation } from './spatial-autocorrelation.ts';

/**
 * Morphological features, IBSI HCUG: shape of the morphological mask, and how the intensities of the intensity mask lie
 * in space. Axis lengths come from the covariance divided by N - 1, which is what IBSI's reference values need.
 */
export function morphology(
  image: Volume,
  morphological: Mask,
  intensity: Mask,
): { values: Record<string, number>; findings: Finding[] } {
  const roi = roiOf(morphological, 1);
  const inner = roiOf(intensity, 1);
  const intensities = valuesOf(inner, image.data);
  const shape = shapeFeatures(roi);
  const sampled = Math.sqrt(roi.voxels.length / (roi.voxels.length - 1));
  const axes = [shape.MajorAxisLength, shape.MinorAxisLength, shape.LeastAxisLength].map((axis) => axis * sampled);
  const { moran, geary } = spatialAutocorrelation(inner, intensities);
  const values = {
    morph_volume: shape.MeshVolume,
    morph_vol_approx: shape.VoxelVolume,
    morph_area_mesh: shape.SurfaceArea,
    morph_av: shape.SurfaceVolumeRatio,
    morph_comp_1: shape.Compactness1,
    morph_comp_2: shape.Compactness2,
    morph_sph_dispr: shape.SphericalDisproportion,
    morph_sphericity: shape.Sphericity,
    morph_asphericity: shape.SphericalDisproportion - 1,
    morph_com: centreShift(image.grid, roi, inner, intensities),
    morph_diam: shape.Maximum3DDiameter,
    morph_pca_maj_axis: axes[0],
    morph_pca_min_axis: axes[1],
    morph_pca_least_axis: axes[2],
    morph_pca_elongation: shape.Elongation,
    morph_pca_flatness: shape.Flatness,
    ...densities(roi, shape.MeshVolume, shape.SurfaceArea, axes),
    morph_integ_int: shape.MeshVolume * mean(intensities),
    morph_moran_i: moran,
    morph_geary_c: geary,
  };
  if (cellCount(inner) <= MAX_CELLS) return { values, findings: [] };
  const message = "Moran's I and Geary's C are left out: the region has too many voxels; choose a larger voxel spacing";
  return { values, findings: [finding('REGION_TOO_LARGE', 'morphology', message)] };
}

/** Volume and area of the mesh as shares of those of bodies around it. */
function densities(roi: VoxelRoi, volume: number, area: number, axes: number[]): Record<string, number> {
  const hull = convexHull(hullPoints(roi))!;
  const bodies: Record<string, BoundingSize> = {
    aabb: axisAlignedBox(hull),
    ombb: orientedBox(hull),
    aee: ellipsoid(axes.map((axis) => axis / 2) as Vec3),
    mvee: ellipsoid(enclosingEllipsoid(hull.vertices)),
    conv_hull: hull,
  };
  return Object.fromEntries(
    Object.entries(bodies).flatMap(([name, body]) => [
      [`morph_vol_dens_${name}`, volume / body.volume],
      [`morph_area_dens_${name}`, area / body.area],
    ]),
  );
}

/** Distance, mm, of the centre of the voxels from the centre of the intensities (IBSI KLMA). */
function centreShift(grid: Grid, roi: VoxelRoi, inner: VoxelRoi, values: Float64Array): number {
  const ones = new Float64Array(roi.voxels.length).fill(1);
  return norm(subtract(centre(grid, roi, ones), centre(grid, inner, values)));
}

/** Weighted mean of the voxel centres, mm from the centre of the image's first voxel along its axes. */
function centre(grid: Grid, roi: VoxelRoi, weights: Float64Array): Vec3 {
  const sums: Vec3 = [0, 0, 0];
  let total = 0;
  roi.imageVoxels.forEach((voxel, n) => {
    const index = indexOf(voxel, grid.size);
    for (let axis = 0; axis < 3; axis++) sums[axis] += weights[n] * index[axis];
    total += weights[n];
  });
  return sums.map((sum, axis) => (sum / total) * grid.spacingMm[axis]) as Vec3;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
