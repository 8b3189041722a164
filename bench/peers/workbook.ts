import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { execa } from 'execa';
import { NOT_IN_WORKBOOK } from '../../lib/stages/aggregate/result-tables.ts';

/** All sheets as CSV, values in full instead of as they are shown (LibreOffice help, filter options of CSV). */
const ALL_SHEETS = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';
/** Names and units. */
const HEADER_ROWS = 2;
/** LibreOffice writes 15 digits into CSV, of small numbers as many as stand within 20 decimals. */
const RELATIVE = 1e-14;
const ABSOLUTE = 0.5e-20;

/**
 * Opens `results.xlsx` in LibreOffice, has it write every sheet, and compares them cell by cell with the CSV files of the run.
 * @returns how many cells agree, and what does not
 * @throws Error when LibreOffice is not there or opens nothing
 */
export async function compareWorkbook(results: string, folder: string): Promise<{ cells: number; faults: string[] }> {
  const profile = join(folder, 'profile');
  mkdirSync(profile, { recursive: true });
  const options = [`-env:UserInstallation=file://${profile}`, '--headless', '--convert-to', ALL_SHEETS];
  await execa('soffice', [...options, '--outdir', folder, join(results, 'results.xlsx')]);
  if (readdirSync(folder).every((file) => !file.startsWith('results-'))) throw new Error('LibreOffice wrote no sheet');
  const tables = readdirSync(results)
    .filter((file) => file.endsWith('.csv'))
    .map((file) => file.slice(0, -'.csv'.length))
    .filter((name) => !NOT_IN_WORKBOOK.includes(name));
  const compared = tables.map((name) => {
    const own = cellsOf(join(results, `${name}.csv`));
    const sheet = cellsOf(join(folder, `results-${name}.csv`));
    return compare(name, own, [sheet[0], ...sheet.slice(HEADER_ROWS)]);
  });
  return {
    cells: compared.reduce((sum, { cells }) => sum + cells, 0),
    faults: compared.flatMap(({ faults }) => faults),
  };
}

function cellsOf(path: string): string[][] {
  return parse(readFileSync(path), { relax_column_count: true });
}

function compare(name: string, own: string[][], sheet: string[][]): { cells: number; faults: string[] } {
  if (own.length !== sheet.length) return { cells: 0, faults: [`${name}: ${sheet.length} rows for ${own.length}`] };
  const faults = own.flatMap((row, r) =>
    row.flatMap((cell, c) =>
      isSame(cell, sheet[r][c] ?? '') ? [] : [`${name}, row ${r}, ${own[0][c]}: ${sheet[r][c]} for ${cell}`],
    ),
  );
  return { cells: own.reduce((sum, row) => sum + row.length, 0) - faults.length, faults };
}

/** Numbers by their digits, booleans in any case, text but for the apostrophe that guards a CSV file against formulas. */
function isSame(own: string, shown: string): boolean {
  const text = /^'[=+\-@\t\r]/.test(own) ? own.slice(1) : own;
  if (text === shown) return true;
  if (/^(true|false)$/.test(text)) return text === shown.toLowerCase();
  const [a, b] = [text, shown].map((one) => (one === '' ? Number.NaN : Number(one)));
  return Math.abs(a - b) <= Math.max(RELATIVE * Math.abs(a), ABSOLUTE);
}
