import { createHmac } from 'node:crypto';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { readHeader } from '#lib/dicom/header.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import type { Grid } from '#lib/image/grid.ts';
import { type IndexRow, indexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { readImageSeries } from '#lib/rt/image-series.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { readSegmentation } from '#lib/rt/read-segmentation.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { harmonise } from '#lib/structures/names/harmonise.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { options } from '#test/fixtures/index-rows.ts';
import { courseSeeds, otherSeeds } from './dicom-seeds.ts';
import { oneOf } from './mutate-bytes.ts';
import { mutateDicom } from './mutate-dicom.ts';
import { isTyped } from './outcome.ts';
import type { Target } from './target.ts';

/** Each is read, some are drawn: that takes most of the time. */
const MOST_ROIS = 3;
const DEIDENTIFY = {
  options: new Set(DEFAULT_OPTIONS),
  pseudonyms: pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest()),
  allowedNames: [],
  allowBurnedIn: false,
};

/** DICOM as the whole chain reads it: header, index row, courses, and by its kind contours, dose, pixels, pseudonyms. */
export async function dicomTarget(): Promise<Target> {
  const course = courseSeeds();
  const seeds = [...course, ...otherSeeds(course)];
  const rows = seeds.flatMap((bytes, n) => rowsOf(bytes, `seed/${n}`));
  const images = course.map((bytes) => readDataSet(bytes)).filter((dataSet) => dataSet.text('Modality') === 'CT');
  const { volume } = await readImageSeries(images);
  return {
    mutant: (random) => mutateDicom(oneOf(random, seeds), random),
    async read(mutant) {
      const bytes = mutant as Uint8Array;
      if (!looksLikeDicom(bytes)) return;
      await firstError([
        () => catalogAndOrganize(bytes, rows),
        () => readContent(readDataSet(bytes), images, volume.grid),
        async () => void deidentify(bytes, DEIDENTIFY),
      ]);
    },
  };
}

function rowsOf(bytes: Uint8Array, key: string): IndexRow[] {
  try {
    return [indexRow(readDataSet(bytes), { key, bytes: bytes.length, version: '1', digest: key })];
  } catch {
    return [];
  }
}

async function catalogAndOrganize(bytes: Uint8Array, rows: IndexRow[]): Promise<void> {
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  const { dataSet } = await readHeader({ bytes: bytes.length, read });
  const row = indexRow(dataSet, { key: 'mutant', bytes: bytes.length, version: '1', digest: 'mutant' });
  const parsed: IndexRow = JSON.parse(JSON.stringify(row));
  const { counts, unassigned } = organize([...rows, parsed], options);
  if (counts.instances !== counts.assigned + counts.duplicates + counts.unassigned)
    throw new Error(`instances are lost: ${JSON.stringify(counts)}`);
  const defect = unassigned.find(({ reason }) => reason === 'not_organized');
  if (defect) throw new Error(defect.message);
}

async function readContent(dataSet: DataSet, images: DataSet[], grid: Grid): Promise<void> {
  const modality = dataSet.text('Modality');
  if (modality === 'RTSTRUCT') {
    for (const roi of readStructureSet(dataSet).rois.slice(0, MOST_ROIS)) {
      harmonise(roi.name);
      maskOfRoi(roi, grid);
    }
  } else if (modality === 'RTDOSE') await readDose(dataSet);
  else if (modality === 'SEG') await readSegmentation(dataSet);
  else if (dataSet.has('PixelData')) await readImageSeries([...images.slice(1), dataSet]);
}

/** Each is tried, whatever the ones before it said; the first error that is no refusal counts, else the first refusal. */
async function firstError(works: (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => errors.push(error));
  const worst = errors.find((error) => !isTyped(error)) ?? errors[0];
  if (worst !== undefined) throw worst;
}
