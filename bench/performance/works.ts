import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { type Box, voxelCount } from '#lib/image/grid.ts';
import { laplacianOfGaussian } from '#lib/radiomics/image-types/laplacian-of-gaussian.ts';
import { waveletBands } from '#lib/radiomics/image-types/wavelet.ts';
import { splineCoefficients } from '#lib/radiomics/preprocessing/bspline.ts';
import { resampleImage, resamplingGrid } from '#lib/radiomics/preprocessing/resample.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import { patientAndStudy } from '#lib/rt/patient-and-study.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { segmentationOf } from '#lib/structures/write-segmentation.ts';
import { structureSetOf } from '#lib/structures/write-structure-set.ts';
import type { WrittenStructure } from '#lib/structures/written-structures.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { toParquet } from '#lib/tables/parquet.ts';
import { workbookOf } from '#test/fixtures/workbook.ts';
import { timeOurs } from '../dvh-ours.ts';
import { COPY, type Entry } from './entry.ts';
import { type Material, organized } from './material.ts';

/** Families of features that are timed one by one, in PyRadiomics' words. */
export const FAMILIES = ['firstorder', 'shape', 'glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm'] as const;
export const ROWS_OF_WORKBOOK = 1000;
const IMPLICIT = { transferSyntaxUid: TransferSyntax.implicitVrLittleEndian };

/** The works that a process does itself, on one thread. Their names are those of the peers' script. */
export async function works(material: Material): Promise<Entry[]> {
  return [
    ...(await dicomWorks(material)),
    ...structureWorks(material),
    ...imageWorks(material),
    ...FAMILIES.map((family) => familyWork(family, material)),
    dvhWork(material),
    ...tableWorks(material),
    copyWork(),
  ];
}

function copyWork(): Entry {
  const [from, to] = [new Uint8Array(2 ** 26).fill(1), new Uint8Array(2 ** 26)];
  return { work: COPY, run: () => to.set(from), repeats: 9, bytes: 2 * 2 ** 26 };
}

async function dicomWorks({ headers, course }: Material): Promise<Entry[]> {
  const upload = await organized(headers.folder);
  const bytes = course.slices.map((file) => readFileSync(file));
  const settings = {
    options: new Set(DEFAULT_OPTIONS),
    pseudonyms: pseudonyms((text) => createHmac('sha256', 'bench').update(text).digest()),
    allowedNames: [],
    allowBurnedIn: false,
  };
  return [
    { work: `scan the headers of ${headers.files} files`, run: upload.scan, repeats: 5, bytes: headers.bytes },
    { work: `organize ${headers.files} files`, run: upload.sort, repeats: 5 },
    {
      work: `de-identify ${bytes.length} slices`,
      run: () => bytes.map((file) => deidentify(file, settings)),
      repeats: 5,
    },
  ];
}

function structureWorks({ image, set, slice, course }: Material): Entry[] {
  const { grid } = image;
  const masks = () => set.rois.map((roi) => maskOfRoi(roi, grid).mask);
  const written = masks().map(
    (mask, n): WrittenStructure => ({
      number: n + 1,
      name: set.rois[n].name,
      standardName: null,
      sourceName: set.rois[n].name,
      colorRgb: [255, 0, 0],
      interpretedType: '',
      algorithm: 'MANUAL',
      algorithmName: '',
      mask,
    }),
  );
  const options = {
    label: 'BENCH',
    identity: {
      sopInstanceUid: '1.2.3.4',
      seriesInstanceUid: '1.2.3.5',
      seriesNumber: 9,
      seriesDescription: 'bench',
      date: '20240101',
      time: '120000',
    },
    patientAndStudy: patientAndStudy(slice),
    image: {
      seriesInstanceUid: '1.2.3',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      sopInstanceUids: course.slices.map((_, k) => `1.2.3.${k + 1}`),
      frameOfReferenceUid: '1.2.3.6',
    },
  };
  const maskBytes = written.reduce((sum, { mask }) => sum + mask.data.byteLength, 0);
  return [
    { work: `contours of ${set.rois.length} ROIs to masks`, run: masks, repeats: 9, bytes: maskBytes },
    {
      work: `write an RTSTRUCT of ${written.length} masks`,
      run: () => writeDicom(structureSetOf(written, options), IMPLICIT),
      repeats: 5,
    },
    {
      work: `write a SEG of ${written.length} masks`,
      run: () => writeDicom(segmentationOf(written, options)),
      repeats: 5,
    },
  ];
}

function imageWorks({ ball: { image } }: Material): Entry[] {
  const { grid, data } = image;
  const whole: Box = { start: [0, 0, 0], size: grid.size };
  const fine = resamplingGrid(grid, whole, [1, 1, 1], 0);
  const resample = () => {
    const coefficients = splineCoefficients(data, grid.size, new Float64Array(data.length));
    return resampleImage(image, coefficients, fine, 'sitkBSpline');
  };
  const voxels = voxelCount(grid);
  const bands = () => [...waveletBands(data, grid.size, wavelet)];
  const wavelet = { wavelet: 'coif1', level: 1, startLevel: 0, axes: [2, 1, 0] };
  return [
    // Coefficients: three axes, forth and back, doubles; each new voxel is written once.
    { work: 'resample to 1 mm by B-splines', run: resample, repeats: 9, bytes: 96 * voxels + 2 * voxelCount(fine) },
    // Three derivatives, each smoothed along two axes: nine passes, forth and back, over 32-bit numbers.
    { work: 'Laplacian of Gaussian, 3 mm', run: () => laplacianOfGaussian(image, 3), repeats: 9, bytes: 144 * voxels },
    // One image becomes two, four, eight, doubles: seven are read and fourteen written.
    { work: 'wavelet coif1, eight bands', run: bands, repeats: 9, bytes: 168 * voxels },
  ];
}

function familyWork(family: string, { ball }: Material): Entry {
  const settings = parseRadiomicsSettings(familyParams(family));
  return { work: `features: ${family}`, run: () => extractFeatures(ball.image, ball.mask, settings), repeats: 5 };
}

/** Parameters of PyRadiomics for one family on the image as it is. */
export function familyParams(family: string): object {
  const setting = { binWidth: 25, additionalInfo: false };
  return { setting, imageType: { Original: {} }, featureClass: { [family]: [] } };
}

function dvhWork({ course, set }: Material): Entry {
  const [structures, dose] = [course.structureSet, course.dose].map((file) => readFileSync(file));
  return { work: `DVHs of ${set.rois.length} ROIs`, run: () => timeOurs(structures, dose), repeats: 5 };
}

function tableWorks({ table }: Material): Entry[] {
  const size = ({ rows, columns }: Material['table']) => `${rows.length} rows of ${columns.length} columns`;
  const few = { ...table, rows: table.rows.slice(0, ROWS_OF_WORKBOOK) };
  return [
    { work: `Parquet of ${size(table)}`, run: () => toParquet(table), repeats: 5 },
    { work: `CSV of ${size(table)}`, run: () => toCsv(table), repeats: 5 },
    { work: `workbook of ${size(few)}`, run: () => workbookOf([few]), repeats: 3 },
  ];
}
