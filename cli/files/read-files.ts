import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import { isMetaImage, metaImageDataFiles, readMetaImage } from '#lib/nifti/read-metaimage.ts';
import { type ReadVolume, readNifti } from '#lib/nifti/read-nifti.ts';
import { nrrdDataFiles, readNrrd } from '#lib/nifti/read-nrrd.ts';
import { type ImageSeries, readImageSeries } from '#lib/rt/image-series.ts';

/** @throws BadInput naming the path when there is no such file */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause) => {
    throw new BadInput('cannot read the file', { where: path, cause });
  });
}

/** A DICOM file. @throws BadInput naming the path */
export async function readDicom(path: string): Promise<DataSet> {
  const bytes = await readBytes(path);
  try {
    return readDataSet(bytes);
  } catch (cause) {
    throw new BadInput('cannot read this file as DICOM', { where: path, cause });
  }
}

/** An image: a folder with one DICOM series (of several the longest), NIfTI or NRRD, recognised by content. DICOM alone says what the intensities count. */
export async function readImageFile(path: string): Promise<ReadVolume & { quantity: string }> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return { ...(await readVolume(path)), quantity: '' };
  const { volume, quantity, findings } = await readSeriesFolder(path);
  return { ...volume, quantity, findings };
}

/** NIfTI, NRRD or MetaImage, with the files that hold its voxels; of an NRRD whose voxels are vectors the component `channel`. */
export async function readVolume(path: string, channel?: number): Promise<ReadVolume> {
  const bytes = await readBytes(path);
  const beside = (names: string[]) => Promise.all(names.map((name) => readBytes(resolve(dirname(path), name))));
  try {
    if (new TextDecoder().decode(bytes.subarray(0, 4)) === 'NRRD') {
      const detached = await beside(nrrdDataFiles(bytes));
      return { ...readNrrd(bytes, { channel, detached }), findings: [] };
    }
    if (isMetaImage(bytes)) return { ...readMetaImage(bytes, await beside(metaImageDataFiles(bytes))), findings: [] };
    return readNifti(bytes);
  } catch (cause) {
    const reason = `cannot read this file as NIfTI, NRRD or MetaImage: ${describeError(cause)}`;
    throw new BadInput(reason, { where: path, cause });
  }
}

/** The longest image series of a folder. */
export async function readSeriesFolder(folder: string): Promise<ImageSeries> {
  const series = new Map<string, DataSet[]>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(folder, entry.name));
    if (!looksLikeDicom(bytes)) continue;
    const dataSet = readDataSet(bytes);
    if (!dataSet.has('PixelData') || dataSet.text('Modality') === 'RTDOSE') continue;
    const uid = dataSet.text('SeriesInstanceUID');
    series.set(uid, [...(series.get(uid) ?? []), dataSet]);
  }
  const [longest] = [...series.values()].sort((a, b) => b.length - a.length);
  if (!longest) throw new BadInput('the folder holds no DICOM image', { where: folder });
  return readImageSeries(longest);
}
