import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { matchesPattern } from '#lib/rt/roi-pattern.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { readBytes, readDicom, readImageFile, readVolume } from './read-files.ts';

/** Image and mask as a person names them. */
export interface RadiomicsCase {
  image: string;
  mask: string;
  /** Of a label map; absent: every label in it. */
  label?: number;
  /** Of a label map whose voxels are vectors: which component, from 0. */
  channel?: number;
  /** Cells of a batch file, by its columns and in their order. */
  cells?: Record<string, string>;
}

/** A region to compute, or why there is none. */
export interface CaseRegion {
  name: string;
  label: number;
  mask?: Mask;
  status: string;
  reason: string;
}

/** Reads the image, and every region of the mask: labels of a NIfTI or NRRD, or ROIs of an RTSTRUCT that match. */
export async function readCase(
  given: RadiomicsCase,
  rois: string[],
): Promise<{ image: Volume; regions: CaseRegion[] }> {
  const image = await readImageFile(given.image);
  const isDicom = !(await isFolder(given.mask)) && looksLikeDicom(await readBytes(given.mask));
  const regions = isDicom
    ? await structures(given.mask, image, rois)
    : labels(await readVolume(given.mask, given.channel ?? 0), given.label);
  if (regions.length === 0) throw new BadInput('the mask has no region to compute', { where: given.mask });
  return { image, regions };
}

async function structures(path: string, image: Volume, patterns: string[]): Promise<CaseRegion[]> {
  const { rois } = readStructureSet(await readDicom(path));
  return rois
    .filter(({ name }) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(name, pattern)))
    .map((roi) => {
      const { mask, status, findings } = maskOfRoi(roi, image.grid);
      const reason = status === 'ok' ? '' : (findings.at(-1)?.message ?? status);
      return { name: roi.name, label: roi.number, mask: status === 'ok' ? mask : undefined, status, reason };
    });
}

function labels({ grid, data }: Volume, label: number | undefined): CaseRegion[] {
  const present = [...new Set(data)].filter((value) => value !== 0).sort((a, b) => a - b);
  const wanted = label === undefined ? present : [label];
  return wanted.map((value) => {
    const isThere = present.includes(value);
    const reason = isThere ? '' : `label ${value} is not in the mask; it has ${present.join(', ') || 'none'}`;
    return {
      name: `label ${value}`,
      label: value,
      mask: isThere ? maskOfVolume(grid, data, value) : undefined,
      status: isThere ? 'ok' : 'empty',
      reason,
    };
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Columns that name a case, in lower case; all others are kept beside its features. */
const [IMAGE, MASK, LABEL, CHANNEL] = ['image', 'mask', 'label', 'label_channel'];

/**
 * The batch file of PyRadiomics' command line (RFC 4180): columns Image and Mask, Label and Label_channel if there are
 * such, and any others. Paths are relative to the file.
 * @throws BadInput when it is no such table
 */
export async function readBatch(path: string): Promise<RadiomicsCase[]> {
  const [header = [], ...lines] = csvRecords(new TextDecoder().decode(await readBytes(path)), path);
  const names = header.map((name) => name.toLowerCase());
  if (!names.includes(IMAGE) || !names.includes(MASK))
    throw new BadInput('the batch file needs the columns Image and Mask', { where: path });
  const twice = header.find((_, n) => header[n] === '' || names.indexOf(names[n]) !== n);
  if (twice !== undefined)
    throw new BadInput(`the batch file has two columns ${twice}, or one without a name`, { where: path });
  return lines.map((cells) => {
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    return {
      image: resolve(dirname(path), cell(IMAGE)),
      mask: resolve(dirname(path), cell(MASK)),
      label: cell(LABEL) ? Number(cell(LABEL)) : undefined,
      channel: cell(CHANNEL) ? Number(cell(CHANNEL)) : undefined,
      cells: Object.fromEntries(header.map((name, n) => [name, cells[n]])),
    };
  });
}

function csvRecords(text: string, path: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    throw new BadInput(`the batch file is not CSV: ${describeError(cause)}`, { where: path, cause });
  }
}
