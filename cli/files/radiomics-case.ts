import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { looksLikeDicom } from '#lib/dicom/recognise.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import { type Finding, finding } from '#lib/findings.ts';
import type { Grid, Mask, Volume } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { onSameVoxels } from '#lib/image/same-voxels.ts';
import { objectKind } from '#lib/organize/object-kind.ts';
import { readSegmentation } from '#lib/rt/read-segmentation.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { matchesPattern } from '#lib/rt/roi-pattern.ts';
import type { MaskStatus } from '#lib/rt/roi-status.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { maskOfSegment } from '#lib/structures/segment-mask.ts';
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

/** A region to compute, or the reason why there is none. */
export interface CaseRegion {
  name: string;
  label: number;
  mask?: Mask;
  status: MaskStatus;
  reason: string;
}

/** A case as read, with what is odd about its files. */
export interface ReadCase {
  image: Volume;
  /** What the intensities count: HU, SUVbw, or '' when the file does not say. */
  quantity: string;
  regions: CaseRegion[];
  findings: Finding[];
}

/**
 * Reads the image, and every region of the mask: labels of a NIfTI, NRRD or MetaImage, segments of a DICOM segmentation,
 * or ROIs of an RTSTRUCT. `rois` are patterns of the names of segments and ROIs.
 */
export async function readCase(given: RadiomicsCase, rois: string[]): Promise<ReadCase> {
  const image = await readImageFile(given.image);
  const isDicom = !(await isFolder(given.mask)) && looksLikeDicom(await readBytes(given.mask));
  const { regions, findings } = isDicom
    ? await dicomRegions(given, image, rois)
    : onImage(labels(await readVolume(given.mask, given.channel ?? 0), given.label), image.grid);
  if (regions.length === 0) throw new BadInput('the mask has no region for these settings', { where: given.mask });
  return { image, quantity: image.quantity, regions, findings: [...image.findings, ...findings] };
}

type Regions = Pick<ReadCase, 'regions' | 'findings'>;

async function dicomRegions({ mask, label }: RadiomicsCase, image: Volume, patterns: string[]): Promise<Regions> {
  const dataSet = await readDicom(mask);
  const isSegmentation = objectKind(dataSet.text('SOPClassUID'), dataSet.text('Modality')) === 'segmentation';
  const isWanted = ({ name, number }: { name: string; number: number }) =>
    (!isSegmentation || label === undefined || number === label) &&
    (patterns.length === 0 || patterns.some((pattern) => matchesPattern(name, pattern)));
  const drawn = isSegmentation
    ? (await readSegmentation(dataSet)).segments
        .filter(isWanted)
        .map((segment) => ({ ...segment, ...maskOfSegment(segment, image.grid) }))
    : readStructureSet(dataSet)
        .rois.filter(isWanted)
        .map((roi) => ({ ...roi, ...maskOfRoi(roi, image.grid) }));
  return {
    regions: drawn.map(({ name, number, mask, status, findings }) => {
      const reason = status === 'ok' ? '' : (findings.at(-1)?.message ?? status);
      return { name, label: number, mask: status === 'ok' ? mask : undefined, status, reason };
    }),
    findings: drawn.filter(({ status }) => status === 'ok').flatMap(({ findings }) => findings),
  };
}

/**
 * The regions of a label map. Labels are whole numbers; a map of one fraction is a mask that was scaled, and its voxels
 * are label 1.
 * @throws BadInput when the map holds fractions of several values
 */
function labels({ grid, data }: Volume, label: number | undefined): Regions {
  const present = [...new Set(data)].filter((value) => value !== 0).sort((a, b) => a - b);
  const fraction = present.find((value) => !Number.isInteger(value));
  if (fraction === undefined) return { regions: labelRegions({ grid, data }, present, label), findings: [] };
  if (present.length > 1) {
    const range = `${present.length} values other than 0, ${present[0]} to ${present[present.length - 1]}`;
    throw new BadInput(`the mask is not a label map: it has ${range}. Apply a threshold and save whole numbers`);
  }
  const message = `every non-zero voxel of the mask has the value ${fraction}: it is read as label 1`;
  const whole = Uint8Array.from(data, (value) => (value === fraction ? 1 : 0));
  return {
    regions: labelRegions({ grid, data: whole }, [1], label),
    findings: [finding('MASK_VALUE_NOT_WHOLE', 'mask', message)],
  };
}

/**
 * Masks of a part of the image, or of turned axes, become masks of the image: what a region is does not depend on how
 * much background its file holds.
 */
function onImage({ regions, findings }: Regions, grid: Grid): Regions {
  const own = regions.find(({ mask }) => mask)?.mask?.grid;
  if (own === undefined || isAlike(own, grid)) return { regions, findings };
  const placed = regions.map((region) => {
    const found = region.mask && onSameVoxels(region.mask, grid);
    return found && found.lost === 0 ? { ...region, mask: found.mask } : region;
  });
  const moved = placed.filter(({ mask }) => mask?.grid === grid).length;
  if (moved === 0) return { regions, findings };
  const message = `the mask of ${own.size.join(' x ')} voxels lies on those of the image of ${grid.size.join(' x ')}`;
  return { regions: placed, findings: [...findings, finding('MASK_ON_PART_OF_IMAGE', 'mask', message)] };
}

/** Of one size and orientation: how far they lie apart is the settings' to judge. */
function isAlike(a: Grid, b: Grid): boolean {
  return (
    a.size.every((n, axis) => n === b.size[axis]) && a.direction.every((c, n) => Math.abs(c - b.direction[n]) < 0.1)
  );
}

function labelRegions({ grid, data }: Volume, present: number[], label: number | undefined): CaseRegion[] {
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
    throw new BadInput(`the batch file has the column ${twice} twice, or a column without a name`, { where: path });
  return lines.map((cells, n) => {
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const number = (name: string, least: number) =>
      wholeNumber(cell(name), header[names.indexOf(name)], least, path, n);
    return {
      image: resolve(dirname(path), cell(IMAGE)),
      mask: resolve(dirname(path), cell(MASK)),
      label: number(LABEL, 1),
      channel: number(CHANNEL, 0),
      cells: Object.fromEntries(header.map((name, n) => [name, cells[n]])),
    };
  });
}

/** A cell that is empty or a whole number; said before any case is computed. */
function wholeNumber(text: string, name: string, least: number, path: string, line: number): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new BadInput(`${name} of case ${line + 1} is "${text}" instead of a whole number from ${least}`, {
    where: path,
  });
}

function csvRecords(text: string, path: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    throw new BadInput(`the batch file is not CSV: ${describeError(cause)}`, { where: path, cause });
  }
}
