import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import { matchesPattern } from '#lib/dvh/roi-pattern.ts';
import { BadInput } from '#lib/errors.ts';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { readBytes, readDicom, readImageFile, readVolume } from './read-files.ts';

/** Image and mask as a person names them. */
export interface RadiomicsCase {
  image: string;
  mask: string;
  /** Of a label map; absent: every label in it. */
  label?: number;
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
    : labels(await readVolume(given.mask), given.label);
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

/**
 * The batch file of PyRadiomics' command line: columns Image and Mask, and Label if there is one. Paths are relative to the
 * file; a cell with a comma stands in quotes.
 */
export async function readBatch(path: string): Promise<RadiomicsCase[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = cellsOf(header ?? '').map((name) => name.toLowerCase());
  const [image, mask, label] = ['image', 'mask', 'label'].map((name) => names.indexOf(name));
  if (image < 0 || mask < 0) throw new BadInput('the batch file needs the columns Image and Mask', { where: path });
  return lines.map((line) => {
    const cells = cellsOf(line);
    return {
      image: resolve(dirname(path), cells[image] ?? ''),
      mask: resolve(dirname(path), cells[mask] ?? ''),
      label: label >= 0 && cells[label] ? Number(cells[label]) : undefined,
    };
  });
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );
}
