import { readFileSync } from 'node:fs';
import { referencePath } from '../../fixtures/shared.ts';

export type Reference = Record<string, number>;

/** Published values of test/reference, by case. */
export function referenceValues(file: string): Map<string, Reference> {
  return parseReferenceValues(readFileSync(referencePath(file), 'utf8'));
}

/** Rows "case,feature,value" after comments and a header. */
export function parseReferenceValues(text: string): Map<string, Reference> {
  const cases = new Map<string, Reference>();
  for (const line of text.split('\n')) {
    const [name, feature, value] = line.split(',');
    if (line.startsWith('#') || value === undefined || value.trim() === 'value') continue;
    const values = cases.get(name) ?? {};
    values[feature] = value.trim() === 'nan' ? Number.NaN : Number(value);
    cases.set(name, values);
  }
  return cases;
}

export interface Deviation {
  feature: string;
  expected: number;
  actual: number | undefined;
  /** |actual - expected| / |expected|; absolute where 0 is expected. */
  relative: number;
}

/** Largest deviation first; a missing value is infinitely far off, and a value that has no reference is not compared. */
export function deviations(expected: Reference, actual: Record<string, number>): Deviation[] {
  return Object.entries(expected)
    .map(([feature, value]) => ({
      feature,
      expected: value,
      actual: actual[feature],
      relative: relativeTo(value, actual[feature]),
    }))
    .sort((a, b) => b.relative - a.relative);
}

function relativeTo(expected: number, actual: number | undefined): number {
  if (actual === undefined) return Number.POSITIVE_INFINITY;
  if (Number.isNaN(expected) || Number.isNaN(actual)) return Object.is(expected, actual) ? 0 : Number.POSITIVE_INFINITY;
  const difference = Math.abs(actual - expected);
  return expected === 0 ? difference : difference / Math.abs(expected);
}
