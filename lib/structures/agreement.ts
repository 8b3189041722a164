import { intersectMasks } from '../image/booleans.ts';
import { isEmptyBox, uniteBoxes } from '../image/box.ts';
import { distanceToMask } from '../image/distance.ts';
import type { Mask } from '../image/grid.ts';
import { maskCentroidMm, maskVolumeCc } from '../image/mask.ts';
import { norm, subtract } from '../math/vec3.ts';
import { addedPathLengthMm } from './added-path-length.ts';
import { type Surface, surfaceOf } from './surface.ts';

/** How well two masks of one grid agree. NaN where a figure does not exist because a mask is empty. */
export interface Agreement {
  /** Dice 1945, doi:10.2307/1932409: twice the shared volume over the sum of both. */
  dice: number;
  /** Volume of the first over volume of the second. */
  volumeRatio: number;
  /** Part of both surfaces that lies within the tolerance of the other: Nikolov et al. 2021, doi:10.2196/26151. */
  surfaceDice: number;
  /** The larger of both 95th percentiles, by area, of the distances from one surface to the other. */
  hausdorff95Mm: number;
  /** Over both surfaces together, by area. */
  meanSurfaceDistanceMm: number;
  centroidDistanceMm: number;
  /** What has to be drawn to make the second of the first. */
  addedPathLengthMm: number;
}

/**
 * Overlap and surface distances of two masks. As in DeepMind's `surface-distance` the points of a surface are the corners
 * where voxels inside and outside meet, and each weighs as much as the triangles of marching cubes around it.
 * @param toleranceMm how far surfaces may lie apart and still agree
 */
export function agreementOf(first: Mask, second: Mask, toleranceMm: number): Agreement {
  const [volumeA, volumeB] = [maskVolumeCc(first), maskVolumeCc(second)];
  const [centroidA, centroidB] = [maskCentroidMm(first), maskCentroidMm(second)];
  return {
    dice: (2 * maskVolumeCc(intersectMasks(first, second))) / (volumeA + volumeB),
    volumeRatio: volumeB > 0 ? volumeA / volumeB : Number.NaN,
    centroidDistanceMm: centroidA && centroidB ? norm(subtract(centroidA, centroidB)) : Number.NaN,
    ...surfaceAgreement(first, second, toleranceMm),
  };
}

type SurfaceAgreement = Omit<Agreement, 'dice' | 'volumeRatio' | 'centroidDistanceMm'>;

function surfaceAgreement(first: Mask, second: Mask, toleranceMm: number): SurfaceAgreement {
  const box = uniteBoxes(first.box, second.box);
  if (isEmptyBox(first.box) || isEmptyBox(second.box))
    return {
      surfaceDice: isEmptyBox(box) ? Number.NaN : 0,
      hausdorff95Mm: Number.NaN,
      meanSurfaceDistanceMm: Number.NaN,
      addedPathLengthMm: Number.NaN,
    };
  const [a, b] = [surfaceOf(first, box), surfaceOf(second, box)];
  const ways = [waysBetween(a, b), waysBetween(b, a)];
  const area = ways.reduce((sum, way) => sum + way.areaMm2, 0);
  return {
    surfaceDice: ways.reduce((sum, way) => sum + areaWithin(way, toleranceMm), 0) / area,
    hausdorff95Mm: Math.max(...ways.map((way) => percentile(way, 0.95))),
    meanSurfaceDistanceMm: ways.reduce((sum, way) => sum + distanceTimesArea(way), 0) / area,
    addedPathLengthMm: addedPathLengthMm(first, second),
  };
}

/** From each point of one surface to the nearest of another, by ascending distance. */
interface Ways {
  distancesMm: Float64Array;
  areasMm2: Float64Array;
  areaMm2: number;
}

function waysBetween(from: Surface, to: Surface): Ways {
  const distances = distanceToMask(to.corners).data;
  const points: number[] = [];
  for (let c = 0; c < distances.length; c++) if (from.corners.data[c] === 1) points.push(c);
  points.sort((p, q) => distances[p] - distances[q] || p - q);
  const areasMm2 = Float64Array.from(points, (p) => from.areasMm2[p]);
  return {
    distancesMm: Float64Array.from(points, (p) => distances[p]),
    areasMm2,
    areaMm2: areasMm2.reduce((sum, area) => sum + area, 0),
  };
}

function areaWithin({ distancesMm, areasMm2 }: Ways, toleranceMm: number): number {
  return areasMm2.reduce((sum, area, p) => (distancesMm[p] <= toleranceMm ? sum + area : sum), 0);
}

function distanceTimesArea({ distancesMm, areasMm2 }: Ways): number {
  return areasMm2.reduce((sum, area, p) => sum + area * distancesMm[p], 0);
}

/** The distance that a part of the area does not exceed. */
function percentile({ distancesMm, areasMm2, areaMm2 }: Ways, part: number): number {
  let sum = 0;
  for (let p = 0; p < distancesMm.length; p++) {
    sum += areasMm2[p];
    if (sum >= part * areaMm2) return distancesMm[p];
  }
  return distancesMm[distancesMm.length - 1];
}
