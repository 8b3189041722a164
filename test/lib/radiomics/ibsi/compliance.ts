import { readFileSync } from 'node:fs';
import { AGGREGATION_CODES } from '#lib/radiomics/ibsi/columns.ts';
import { ibsiFeatures, ibsiFeaturesOf } from '#lib/radiomics/ibsi/ibsi-features.ts';
import { type IbsiRegion, prepareIbsiImage, prepareIbsiRegion } from '#lib/radiomics/ibsi/prepare.ts';
import { ibsiSettings } from '#lib/radiomics/ibsi/settings.ts';
import type { Case } from '../reference-images.ts';
import { IBSI1, IBSI2 } from './configurations.ts';
import { ibsiDiagnostics } from './diagnostics.ts';

export type Verdict = 'ok' | 'outside' | 'no consensus';

/** A published value and ours. */
export interface Comparison {
  config: string;
  family: string;
  tag: string;
  code: string;
  aggregation: string;
  name: string;
  /** As published; empty without consensus. */
  reference: string;
  tolerance: string;
  ours: number | undefined;
  verdict: Verdict;
}

/** Of a feature of the region as a whole. */
const VOLUME = 'DHQ4';

/** All rows of a configuration of chapter 1; `digital_phantom` or a letter from A to E. */
export function compareIbsi1(config: string, { image, mask }: Case): Comparison[] {
  const settings = ibsiSettings.parse(IBSI1[config]);
  const ours = new Map<string, number>();
  const prepared = prepareIbsiImage(image, settings);
  for (const { tag, aggregation, value } of ibsiFeaturesOf(prepared, mask, settings).values) {
    ours.set(`${tag} ${aggregation ? AGGREGATION_CODES[aggregation] : VOLUME}`, value);
  }
  const region = prepareIbsiRegion(prepared, mask, settings) as IbsiRegion;
  for (const [tag, value] of Object.entries(ibsiDiagnostics(image, mask, region))) ours.set(`${tag} `, value);
  return readTable('ibsi1.csv')
    .filter((row) => row.config === config)
    .map((row) => {
      const value = ours.get(`${row.tag} ${row.aggregation_code}`);
      return comparison(row, row.family, row.aggregation_code, value, isInsideRounded);
    });
}

/** All rows of phase 2 of chapter 2 for the configurations of one letter. */
export function compareIbsi2(letter: 'A' | 'B', { image, mask }: Case): Comparison[] {
  const ours = new Map<string, number>();
  for (const { tag, filter, value } of ibsiFeatures(image, mask, ibsiSettings.parse(IBSI2[letter])).values) {
    ours.set(`${filter ?? `1.${letter}`} ${tag}`, value);
  }
  return readTable('ibsi2.csv')
    .filter((row) => row.config.endsWith(letter))
    .map((row) => comparison(row, row.filter, '', ours.get(`${row.config} ${row.tag}`), isInside));
}

/** One line per value, for a person who looks for the wrong one. */
export function table(rows: Comparison[]): string {
  return rows
    .map(({ config, tag, aggregation, ours, reference, tolerance, verdict }) =>
      [
        verdict.padEnd(12),
        config.padEnd(4),
        tag.padEnd(28),
        aggregation.padEnd(4),
        ours,
        reference,
        `± ${tolerance}`,
      ].join('  '),
    )
    .join('\n');
}

type TableRow = Record<string, string>;

function readTable(name: string): TableRow[] {
  const text = readFileSync(new URL(`../../../reference/${name}`, import.meta.url), 'utf8');
  const [head, ...lines] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, n) => [column, cells[n]]));
  });
}

function comparison(
  row: TableRow,
  family: string,
  aggregation: string,
  ours: number | undefined,
  inside: (ours: number, reference: string, tolerance: number) => boolean,
): Comparison {
  const { config, tag, ibsi_code: code, name, value: reference, tolerance } = row;
  const ok = ours !== undefined && inside(ours, reference, Number(tolerance));
  const verdict = reference === '' ? 'no consensus' : ok ? 'ok' : 'outside';
  return { config, family, tag, code, aggregation, name, reference, tolerance, ours, verdict };
}

/**
 * The rule of chapter 2: the difference is at most the tolerance.
 */
function isInside(ours: number, reference: string, tolerance: number): boolean {
  return Math.abs(ours - Number(reference)) <= tolerance * (1 + Number.EPSILON);
}

/**
 * The rule of chapter 1, whose values are published with three significant digits (whole numbers with more): ours is
 * rounded like the reference before the difference is taken.
 */
function isInsideRounded(ours: number, reference: string, tolerance: number): boolean {
  const digits = reference
    .replace(/e.*$/, '')
    .replace(/^-?0*\.?0*|\./g, '')
    .replace(/0+$/, '').length;
  const rounded = Number(ours.toPrecision(Math.max(3, digits)));
  const roundOff = 1e-12 * Math.abs(Number(reference));
  return Math.abs(rounded - Number(reference)) <= tolerance + roundOff;
}
