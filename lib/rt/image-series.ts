import type { DataSet } from '../dicom/data-set.ts';
import { decodeFrames, type Frames } from '../dicom/pixels.ts';
import { BadInput } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { type Grid, type Volume, voxelCount } from '../image/grid.ts';
import { deskew } from './deskew.ts';
import { type ImageSlice, slicesOf } from './image-slice.ts';
import { suvScale } from './pet/suv-scale.ts';
import { stackSlices } from './slice-stack.ts';
import { splitVolumes } from './volumes/split-volumes.ts';
import { volumeFindings } from './volumes/volume-findings.ts';

/** What the voxels of a series count: HU (CT), SUVbw in g/mL (PET), the units as written, or '' when none are. */
export type Quantity = string;

/** A CT, MR or PET series as one volume. */
export interface ImageSeries {
  modality: string;
  seriesInstanceUid: string;
  studyInstanceUid: string;
  frameOfReferenceUid: string;
  quantity: Quantity;
  /** Rescaled values: Int16Array or Int32Array when slope and intercept of all slices are integers, else Float32Array. */
  volume: Volume<Int16Array | Int32Array | Float32Array>;
  /** SOP Instance UID of each slice. */
  sopInstanceUids: string[];
  findings: Finding[];
}

export interface ImageSeriesOptions {
  /** The whole instance to a header: for instances that were read without pixel data. */
  loadPixels?: (instance: DataSet) => Promise<DataSet>;
  /** Of instances with several frames those (from 0) that belong to the volume; absent: all. */
  frames?: ReadonlyMap<string, readonly number[]>;
}

/**
 * Reads the instances of a series, single-frame or enhanced multi-frame, into a volume (of several the best, see
 * `splitVolumes`, with a finding): stacked by position, rescaled by
 * the modality LUT (PS3.3 C.11.1; per slice and frame), PET in SUV by body weight when the header allows. Pixel padding
 * values are rescaled like any other.
 * @throws BadInput when no slice has a position, pixel data are broken or a slope is zero
 */
export async function readImageSeries(
  instances: readonly DataSet[],
  options: ImageSeriesOptions = {},
): Promise<ImageSeries> {
  const first = instances[0];
  if (!first) throw new BadInput('a series without an instance');
  const seriesInstanceUid = first.text('SeriesInstanceUID');
  const modality = first.text('Modality');
  const { slices: all, findings: ofInstances } = collectSlices(instances, options.frames);
  const volumes = splitVolumes(all);
  const [taken] = volumes;
  if (!taken) throw new BadInput('no slice with a position', { where: seriesInstanceUid });
  const stack = stackSlices(taken, seriesInstanceUid);
  const ofRescale = rescaleFindings(stack.slices, modality, seriesInstanceUid);
  const suv = modality === 'PT' ? suvScale(stack.slices, seriesInstanceUid) : undefined;
  const { volume, findings: ofPixels } = await fillVolume(stack.slices, stack.grid, suv?.factor ?? 1, options);
  return {
    modality,
    seriesInstanceUid,
    studyInstanceUid: first.text('StudyInstanceUID'),
    frameOfReferenceUid: stack.grid.frameOfReferenceUid ?? '',
    quantity: suv ? suv.quantity : quantityOf(stack.slices[0], modality),
    volume: stack.shearMm ? deskew(volume, stack.shearMm) : volume,
    sopInstanceUids: stack.slices.map((slice) => slice.sopInstanceUid),
    findings: [
      ...ofInstances,
      ...volumeFindings(taken, volumes, seriesInstanceUid, false),
      ...stack.findings,
      ...countFindings(stack.slices, seriesInstanceUid),
      ...ofRescale,
      ...(suv?.findings ?? []),
      ...ofPixels,
    ],
  };
}

function collectSlices(
  instances: readonly DataSet[],
  frames?: ImageSeriesOptions['frames'],
): { slices: ImageSlice[]; findings: Finding[] } {
  const slices: ImageSlice[] = [];
  const findings: Finding[] = [];
  for (const instance of instances) {
    const found = slicesOf(instance);
    const placed = found.filter((slice) => slice !== undefined);
    const wanted = frames?.get(instance.text('SOPInstanceUID'));
    slices.push(...placed.filter(({ frame }) => wanted?.includes(frame) ?? true));
    const lost = found.length - placed.length;
    if (lost > 0)
      findings.push(
        finding(
          'SLICE_WITHOUT_POSITION',
          instance.text('SOPInstanceUID'),
          `${lost} slices have no position, orientation or pixel spacing and are left out`,
        ),
      );
  }
  return { slices, findings };
}

/** NumberOfSlices of PET (PS3.3 C.8.9.1): slices missing at an end leave no gap. */
function countFindings(slices: readonly ImageSlice[], where: string): Finding[] {
  const stated = slices[0].instance.number('NumberOfSlices') ?? 0;
  if (stated <= slices.length) return [];
  return [finding('MISSING_SLICES', where, `only ${slices.length} of the stated ${stated} slices are in the upload`)];
}

function rescaleFindings(slices: readonly ImageSlice[], modality: string, where: string): Finding[] {
  const findings: Finding[] = [];
  if (slices.some((slice) => slice.slope === 0)) throw new BadInput('a rescale slope of zero', { where });
  if (slices.some((slice) => slice.instance.has('ModalityLUTSequence')))
    throw new BadInput('a modality lookup table instead of slope and intercept', { where });
  if (modality === 'MR') return findings;
  const missing = slices.filter((slice) => slice.slope === undefined || slice.intercept === undefined).length;
  if (missing > 0)
    findings.push(
      finding('RESCALE_MISSING', where, `${missing} slices have no slope or intercept: 1 and 0 are assumed`),
    );
  const type = slices[0].rescaleType;
  if (modality === 'CT' && type !== '' && type !== 'HU')
    findings.push(finding('RESCALE_TYPE', where, `CT values are ${type}, not HU`));
  return findings;
}

function quantityOf({ rescaleType }: ImageSlice, modality: string): Quantity {
  if (modality === 'CT') return rescaleType || 'HU';
  return rescaleType === 'US' ? '' : rescaleType;
}

async function fillVolume(
  slices: readonly ImageSlice[],
  grid: Grid,
  factor: number,
  { loadPixels }: ImageSeriesOptions,
): Promise<Pick<ImageSeries, 'volume' | 'findings'>> {
  const findings: Finding[] = [];
  const integer =
    factor === 1 &&
    slices.every(({ slope = 1, intercept = 0 }) => Number.isInteger(slope) && Number.isInteger(intercept));
  const perSlice = grid.size[0] * grid.size[1];
  let data: ImageSeries['volume']['data'] = integer
    ? new Int16Array(voxelCount(grid))
    : new Float32Array(voxelCount(grid));
  for (const [instance, members] of byInstance(slices)) {
    const frames = await decodeFrames(loadPixels ? await loadPixels(instance) : instance);
    findings.push(...pixelFindings(frames, instance.text('SOPInstanceUID')));
    for (const { slice, k } of members) {
      const stored = frames.data.subarray(slice.frame * perSlice, (slice.frame + 1) * perSlice);
      if (stored.length !== perSlice)
        throw new BadInput(`frame ${slice.frame} is missing`, { where: slice.sopInstanceUid });
      const { slope = 1, intercept = 0 } = slice;
      if (data instanceof Int16Array && !fitsInt16(stored, slope, intercept)) data = Int32Array.from(data);
      rescale(stored, slope * factor, intercept * factor, data, k * perSlice);
    }
  }
  return { volume: { grid, data }, findings };
}

/** In slice order, so that each file is decoded once. */
function byInstance(slices: readonly ImageSlice[]): Map<DataSet, { slice: ImageSlice; k: number }[]> {
  return Map.groupBy(
    slices.map((slice, k) => ({ slice, k })),
    ({ slice }) => slice.instance,
  );
}

function pixelFindings(frames: Frames, where: string): Finding[] {
  const findings: Finding[] = [];
  if (frames.droppedBits)
    findings.push(finding('BITS_BEYOND_STORED', where, 'bits outside BitsStored are set and are ignored'));
  if (frames.whiteIsLow)
    findings.push(finding('MONOCHROME1', where, 'a display inverts the values; the volume keeps them as stored'));
  return findings;
}

function fitsInt16(stored: Frames['data'], slope: number, intercept: number): boolean {
  let low = stored[0];
  let high = stored[0];
  for (let i = 1; i < stored.length; i++) {
    const value = stored[i];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const ends = [low * slope + intercept, high * slope + intercept];
  return Math.min(...ends) >= -32768 && Math.max(...ends) <= 32767;
}

function rescale(
  stored: Frames['data'],
  slope: number,
  intercept: number,
  data: ImageSeries['volume']['data'],
  start: number,
): void {
  for (let i = 0; i < stored.length; i++) data[start + i] = stored[i] * slope + intercept;
}
