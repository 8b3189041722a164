import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { BadInput, PipelineError } from '#lib/errors.ts';
import type { Mask, Volume } from '#lib/image/grid.ts';
import { ibsiColumns } from '#lib/radiomics/ibsi/columns.ts';
import { ibsiFeatures } from '#lib/radiomics/ibsi/ibsi-features.ts';
import { intensityUnitOf } from '#lib/radiomics/ibsi/intensity-unit.ts';
import { ibsiSettings } from '#lib/radiomics/ibsi/settings.ts';
import { featureColumns } from '#lib/radiomics/pyradiomics/columns.ts';
import { diagnosticColumns } from '#lib/radiomics/pyradiomics/diagnostics.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import type { MaskStatus, RoiEnd } from '#lib/rt/roi-status.ts';
import { unionColumns } from '#lib/tables/concat.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { type Column, column, type Row } from '#lib/tables/table.ts';
import { casesExit } from '../cases-exit.ts';
import { type CaseRegion, type RadiomicsCase, readBatch, readCase } from '../files/radiomics-case.ts';

interface RadiomicsCommand {
  image?: string;
  mask?: string;
  label?: number;
  roi: string[];
  batch?: string;
  params?: string;
  ibsi: boolean;
  format: 'csv' | 'json';
}

export function addRadiomics(program: Command): void {
  program
    .command('radiomics')
    .option('--image <path>', 'NIfTI, NRRD, MetaImage, or a folder with a DICOM series')
    .option('--mask <path>', 'label map as NIfTI, NRRD or MetaImage, a DICOM segmentation (SEG), or an RTSTRUCT')
    .option(
      '--label <n>',
      'only this label of a label map or segment of a SEG; default: the label in the parameter file, else all',
      Number,
    )
    .option(
      '--roi <patterns...>',
      'only these ROIs of an RTSTRUCT or segments of a SEG; * matches any text, ? any character',
      [],
    )
    .option(
      '--batch <file>',
      'instead of --image and --mask: CSV with the columns Image, Mask and optionally Label; other columns are copied to the result',
    )
    .option('--params <file>', 'parameter file of PyRadiomics; with --ibsi, settings of IBSI mode')
    .option('--ibsi', 'compute as IBSI defines, not as PyRadiomics does', false)
    .option('--format <format>', 'csv or json', 'csv')
    .action(async (options: RadiomicsCommand) => {
      const table = await featuresOfFiles(options);
      process.stdout.write(options.format === 'json' ? `${JSON.stringify(table.rows, null, 2)}\n` : toCsv(table));
      process.exitCode = casesExit(table.rows);
    });
}

/** What a region came to: values by column, and what else there is to say. */
interface Computed {
  status: MaskStatus;
  reason: string;
  columns: Column[];
  values: Row;
  notes: string[];
}
type Compute = (image: Volume, mask: Mask, quantity: string) => Computed;

export async function featuresOfFiles(options: RadiomicsCommand) {
  if (!['csv', 'json'].includes(options.format)) throw new BadInput('--format must be csv or json');
  if (options.label !== undefined && !(Number.isInteger(options.label) && options.label > 0))
    throw new BadInput('--label must be a whole number of at least 1');
  const { compute, label, channel } = await computation(options);
  const rows: Row[] = [];
  const columns: Column[][] = [];
  const cases = await casesOf(options);
  for (const one of cases) {
    const given = { ...one, label: one.label ?? label, channel: one.channel ?? channel };
    for (const { row, computed } of await caseRows(given, options.roi, compute)) {
      rows.push(row);
      columns.push(computed?.columns ?? []);
      for (const note of computed?.notes ?? []) console.error(`${given.mask} ${row.Region}: ${note}`);
    }
  }
  return {
    name: 'radiomics',
    key: CASE_KEY,
    columns: withCells(cases[0]?.cells, [...CASE_COLUMNS, ...unionColumns(columns)]),
    rows,
  };
}

/** As PyRadiomics writes it: the columns of the batch file come first, in its order. */
function withCells(cells: Record<string, string> = {}, own: Column[]): Column[] {
  const given = Object.keys(cells).map((name) => {
    const isNamed = CASE_CELLS.includes(name.toLowerCase());
    const known = own.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (known && !isNamed)
      throw new BadInput(`the batch file has a column ${name}, which the result also has: rename the column`);
    return known ?? column(name, 'string', 'as given in the batch file');
  });
  return [...given, ...own.filter((one) => !given.includes(one))];
}

/** Columns of a batch file that are columns of the result. */
const CASE_CELLS = ['image', 'mask', 'label'];

function keptCells({ cells = {} }: RadiomicsCase): Row {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => !CASE_CELLS.includes(name.toLowerCase())));
}

const CASE_COLUMNS: Column[] = [
  column('Image', 'string', 'image as given'),
  column('Mask', 'string', 'mask as given'),
  column('Region', 'string', 'ROI, or label of the mask'),
  column('Label', 'int', 'number of the ROI, or label'),
  column('status', 'string', 'ok, or the reason code why there are no features'),
  column('reason', 'string', 'the reason in a sentence'),
];

const CASE_KEY = ['Image', 'Mask', 'Region', 'Label'];

/** A case that cannot be read is a row that says so: the others go on. */
async function caseRows(given: RadiomicsCase, rois: string[], compute: Compute) {
  const base = { ...keptCells(given), Image: given.image, Mask: given.mask };
  try {
    const { image, quantity, regions, findings } = await readCase(given, rois);
    for (const { message } of findings) console.error(`${given.mask}: ${message}`);
    return regions.map((region) => {
      const computed = region.mask ? orReason(() => compute(image, region.mask!, quantity)) : undefined;
      return {
        row: { ...base, ...nameOf(region), ...outcomeOf(computed ?? region), ...computed?.values } as Row,
        computed,
      };
    });
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const row: Row = { ...base, Region: '', Label: given.label ?? null, status: 'failed', reason: error.message };
    return [{ row, computed: undefined }];
  }
}

/** A region that cannot be computed is a row that says so: the other regions of its mask go on. */
function orReason(compute: () => Computed): Computed {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { status: 'failed', reason: error.message, columns: [], values: {}, notes: [] };
  }
}

function nameOf({ name, label }: CaseRegion) {
  return { Region: name, Label: label };
}

function outcomeOf({ status, reason }: RoiEnd) {
  return { status, reason };
}

async function casesOf({ image, mask, label, batch }: RadiomicsCommand): Promise<RadiomicsCase[]> {
  if (batch !== undefined) return readBatch(batch);
  if (image === undefined || mask === undefined) throw new BadInput('radiomics needs --image and --mask, or --batch');
  return [{ image, mask, label }];
}

/** What to compute, and what the parameter file says of label maps. */
interface Computation {
  compute: Compute;
  label?: number;
  channel?: number;
}

async function computation({ params, ibsi }: RadiomicsCommand): Promise<Computation> {
  const text = params === undefined ? '' : await readFile(params, 'utf8');
  if (ibsi) {
    const given = ibsiSettings.parse(parse(text) ?? {});
    const columns = ibsiColumns(given);
    const compute: Compute = (image, mask, quantity) => {
      const settings = { ...given, intensityUnit: given.intensityUnit ?? intensityUnitOf(quantity) };
      const { status, reason, values, findings } = ibsiFeatures(image, mask, settings);
      const row = Object.fromEntries(values.map((one) => [one.column.name, one.value]));
      return {
        status,
        reason,
        columns,
        values: row,
        notes: findings.map((one) => one.message),
      };
    };
    return { compute };
  }
  const settings = parseRadiomicsSettings(text);
  const columns = [...diagnosticColumns(settings), ...featureColumns(settings)];
  const compute: Compute = (image, mask) => {
    const { status, reason, values, diagnostics, findings } = extractFeatures(image, mask, settings);
    return {
      status,
      reason,
      columns,
      values: { ...diagnostics, ...values },
      notes: findings.map((one) => one.message),
    };
  };
  return { compute, label: settings.setting.label ?? undefined, channel: settings.setting.label_channel };
}
