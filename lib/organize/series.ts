import { imageReference } from '../rt/structure-set-header.ts';
import { placeSlices } from '../rt/volumes/positions.ts';
import type { SliceFacts, SliceVolume } from '../rt/volumes/slice-facts.ts';
import { splitVolumes } from '../rt/volumes/split-volumes.ts';
import { slicesOfHeader } from './image-header.ts';
import type { IndexRow } from './index-row.ts';
import { compareText } from './words.ts';

/** An image series of a patient, or one of several volumes in it (`splitVolumes`). */
export interface Series {
  uid: string;
  studyUid: string;
  modality: string;
  frameUid: string;
  description: string;
  /** Ascending along the slice normal; what says not where it lies stands at the end of the first volume. */
  rows: IndexRow[];
  volume: SliceVolume<SeriesSlice>;
  /** All volumes of its series, the best first: itself, when there is one. */
  siblings: SliceVolume<SeriesSlice>[];
}

export interface SeriesSlice extends SliceFacts {
  row: IndexRow;
}

/** The series of a patient, volume by volume, by UID and then from the best volume to the least. */
export function collectSeries(rows: IndexRow[]): Series[] {
  const groups = [...Map.groupBy(rows, (row) => row.seriesInstanceUid)];
  groups.sort(([a], [b]) => compareText(a, b));
  return groups.flatMap(([uid, members]) => volumesOf(uid, members));
}

function volumesOf(uid: string, members: IndexRow[]): Series[] {
  const slices = members.flatMap((row): SeriesSlice[] =>
    slicesOfHeader(row.image!, row.sopInstanceUid, row.frameOfReferenceUid).map((slice) => ({ ...slice, row })),
  );
  const placed = new Set(slices.map(({ row }) => row));
  const unplaced = members.filter((row) => !placed.has(row));
  const found = splitVolumes(slices);
  const siblings = found.length > 0 ? found : [{ slices: [], label: '', plane: 0, isLocalizer: false, untold: 0 }];
  return siblings.map((volume, rank) => {
    const own = [...new Set(volume.slices.map(({ row }) => row))];
    const all = rank === 0 ? [...own, ...unplaced] : own;
    return {
      uid,
      studyUid: all[0].studyInstanceUid,
      modality: all[0].modality,
      frameUid: all.find((row) => row.frameOfReferenceUid)?.frameOfReferenceUid ?? '',
      description: all[0].seriesDescription,
      rows: all,
      volume,
      siblings,
    };
  });
}

/** Whether it is the volume that its series is taken for when nothing names one. */
export function isBestVolume({ volume, siblings }: Series): boolean {
  return volume === siblings[0];
}

/** Instances, or frames where an instance holds several. */
export function sliceCount({ volume, rows }: Series): number {
  return volume.slices.length || rows.length;
}

/** The series with most slices, then of the lowest UID. */
export function largestSeries(series: Series[]): Series | undefined {
  return series.toSorted((a, b) => sliceCount(b) - sliceCount(a) || compareText(a.uid, b.uid))[0];
}

/** Distances from slice to slice along the normal, mm. */
export function sliceGapsMm({ volume }: Series): number[] {
  const along = placeSlices(volume.slices).map(({ alongMm }) => alongMm);
  return along.slice(1).map((mm, n) => mm - along[n]);
}

/** The frames (from 0) of each instance of several frames that belong to the volume. */
export function framesOfVolume({ volume }: Series): Map<string, number[]> {
  const several = volume.slices.filter(({ row }) => (row.image?.frames ?? 1) > 1);
  const groups = Map.groupBy(several, ({ sopInstanceUid }) => sopInstanceUid);
  return new Map([...groups].map(([uid, slices]) => [uid, slices.map(({ frame }) => frame).sort((a, b) => a - b)]));
}

/** The volumes of a patient, by all that a structure set may name them by. */
export interface ImageLookup {
  /** Those that hold an image, by every way to refer to it. */
  ofImage: ReadonlyMap<string, Series[]>;
  ofSeries: ReadonlyMap<string, Series[]>;
  ofFrame: ReadonlyMap<string, Series[]>;
  ofStudy: ReadonlyMap<string, Series[]>;
}

export function imageLookup(allSeries: Series[]): ImageLookup {
  return {
    ofImage: holdersOfImages(allSeries),
    ofSeries: Map.groupBy(allSeries, ({ uid }) => uid),
    ofFrame: Map.groupBy(allSeries, ({ frameUid }) => frameUid),
    ofStudy: Map.groupBy(allSeries, ({ studyUid }) => studyUid),
  };
}

function holdersOfImages(allSeries: Series[]): Map<string, Series[]> {
  const lookup = new Map<string, Series[]>();
  const add = (reference: string, series: Series) => {
    const holders = lookup.get(reference);
    if (!holders) lookup.set(reference, [series]);
    else if (!holders.includes(series)) holders.push(series);
  };
  for (const series of allSeries) {
    for (const row of series.rows) add(row.sopInstanceUid, series);
    for (const { sopInstanceUid, frame } of series.volume.slices)
      add(imageReference(sopInstanceUid, frame + 1), series);
  }
  return lookup;
}
