import { encode } from 'fast-png';
import { gridOfBox } from '../../image/crop-volume.ts';
import type { Grid, Mask, Volume } from '../../image/grid.ts';
import { resampleLinear } from '../../image/resample.ts';
import { doseColour, ISODOSES, LEAST_SHOWN, SCALE_END } from './dose-colour.ts';
import { centreMm, onSlice, shownExtent } from './extent.ts';
import { greyOfHu } from './grey.ts';
import { outlinePath } from './outline.ts';
import type { DoseOverlay, ImagePictures, Outline, Picture, Scene, SceneDose, Wanted } from './picture.ts';
import { planeGrid, VIEWS } from './plane.ts';

/** Pixels along the longer side, at most. */
const LONGEST = 420;
/** Pixels: a plane across a single slice shows nothing. */
const NARROWEST = 4;
/** Of the values of an image without a scale of its own, these parts are black and white. */
const BLACK = 0.01;
const WHITE = 0.995;

/** Draws planes of a scene: image, dose and outlines, each kept apart so that a page can show and hide them. */
export function drawPictures(scene: Scene, wanted: Wanted[], notes: string[]): ImagePictures {
  const { grid } = scene.volume;
  const grey = greyScale(scene);
  const extent = shownExtent(scene, wanted[0]?.pointMm ?? centreMm(grid));
  const longestMm = Math.max(...extent.high.map((mm, axis) => mm - extent.low[axis]));
  const pixelMm = Math.max(Math.min(...grid.spacingMm), longestMm / LONGEST);
  const planes = onePerPlane(grid, wanted);
  return {
    seriesUid: scene.seriesUid,
    modality: scene.modality,
    grey,
    notes,
    pictures: planes
      .map((chosen) => ({ chosen, grid: planeGrid(chosen.plane, chosen.positionMm, extent, pixelMm) }))
      .filter(({ grid: { size } }) => Math.min(size[0], size[1]) >= NARROWEST)
      .map(({ chosen, grid }) => drawPicture(scene, chosen, grid, grey)),
  };
}

type Chosen = Pick<Picture, 'plane' | 'positionMm' | 'reasons'>;

/** Two reasons for one plane are one picture. */
function onePerPlane(grid: Grid, wanted: Wanted[]): Chosen[] {
  const planes = new Map<string, Chosen>();
  for (const { plane, pointMm, reason } of wanted) {
    const point = plane === 'axial' ? onSlice(grid, pointMm) : pointMm;
    const positionMm = Math.round(point[VIEWS[plane].normal] * 100) / 100;
    const key = `${plane} ${positionMm}`;
    const known = planes.get(key);
    if (!known) planes.set(key, { plane, positionMm, reasons: [reason] });
    else if (!known.reasons.includes(reason)) known.reasons.push(reason);
  }
  return [...planes.values()];
}

function drawPicture(scene: Scene, chosen: Chosen, grid: Grid, grey: ImagePictures['grey']): Picture {
  const [width, height] = grid.size;
  const least = scene.modality === 'CT' ? -1024 : 0;
  const { data } = resampleLinear(scene.volume, grid, least);
  const level =
    grey.unit === 'HU'
      ? greyOfHu
      : (value: number) => (255 * (value - grey.low)) / Math.max(grey.high - grey.low, 1e-9);
  return {
    ...chosen,
    width,
    height,
    pixelMm: grid.spacingMm[0],
    image: png(width, height, 1, Uint8ClampedArray.from(data, level)),
    doses: scene.doses.flatMap((dose) => doseOverlay(dose, grid) ?? []),
    outlines: scene.structures.flatMap(({ roi, mask }): Outline[] => {
      const path = outlinePath(sampleMask(mask, grid), width, height, 0.5);
      return path === '' ? [] : [{ ...roi, path }];
    }),
  };
}

function sampleMask({ grid, box, data }: Mask, plane: Grid): Float64Array {
  return resampleLinear({ grid: gridOfBox(grid, box), data }, plane, 0).data;
}

/** Undefined where the plane does not meet the dose. */
function doseOverlay({ doseUid, volume, referenceGy }: SceneDose, plane: Grid): DoseOverlay | undefined {
  const [width, height] = plane.size;
  const { data } = resampleLinear(volume, plane, 0);
  if (!data.some((gy) => gy >= LEAST_SHOWN * referenceGy)) return undefined;
  return {
    doseUid,
    referenceGy,
    wash: washPng(data, width, height, referenceGy),
    isodoses: ISODOSES.flatMap((part) => {
      const doseGy = Number((part * referenceGy).toPrecision(4));
      const path = outlinePath(data, width, height, doseGy);
      return path === '' ? [] : [{ doseGy, path }];
    }),
  };
}

/** Half as many pixels each way: a dose has no finer detail. */
function washPng(doseGy: Float64Array, width: number, height: number, referenceGy: number): string {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const pixels = new Uint8ClampedArray(4 * w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const part = doseGy[2 * x + width * 2 * y] / referenceGy;
      if (!(part >= LEAST_SHOWN)) continue;
      pixels.set([...doseColour(Math.round((part / SCALE_END) * 48) / 48), 255], 4 * (x + w * y));
    }
  return png(w, h, 4, pixels);
}

/** One scale for all pictures of an image: its own unit for CT, else from the darkest to the brightest voxels. */
function greyScale({ modality, volume }: { modality: string; volume: Volume }): ImagePictures['grey'] {
  if (modality === 'CT') return { unit: 'HU' };
  const step = Math.max(1, Math.floor(volume.data.length / 100_000));
  const values = Float64Array.from({ length: Math.ceil(volume.data.length / step) }, (_, n) => volume.data[n * step]);
  values.sort();
  const at = (part: number) => values[Math.floor(part * (values.length - 1))] ?? 0;
  return { unit: '', low: at(BLACK), high: at(WHITE) };
}

function png(width: number, height: number, channels: 1 | 4, data: Uint8ClampedArray): string {
  return Buffer.from(encode({ width, height, channels, depth: 8, data })).toString('base64');
}
