import { analyticCases } from '#test/fixtures/dvh-cases.ts';
import { contoursOf, doseOf, type ImplicitCase, planesOf, truthOf } from '#test/fixtures/dvh-implicit.ts';
import { dPercent, measure } from '#test/fixtures/dvh-phantom.ts';

/** Points of the truth inside a structure. */
const SAMPLES = 200_000;
const PERCENTS = [98, 95, 2];

/** Errors of one case in percent of its exact values: volume, mean, D98%, D95%, D2%. */
type CaseErrors = number[];

/** A row for each kind of the 39 exact cases: median and worst errors, in percent. */
export function casesTable(): string[] {
  const kinds = Object.groupBy(analyticCases(), ({ name }) => name);
  const rows = Object.entries(kinds).map(([kind, cases = []]) => ({ kind, cases, errors: cases.map(errorsOf) }));
  const all = { kind: 'all', cases: rows.flatMap(({ cases }) => cases), errors: rows.flatMap(({ errors }) => errors) };
  return [
    '| kind | cases | planes | volume, median | volume | mean | D98% | D95% | D2% |',
    '|---|---|---|---|---|---|---|---|---|',
    ...[...rows, all].map(({ kind, cases, errors }) => {
      const planes = cases.map((one) => planesOf(one).length);
      const worst = [0, 1, 2, 3, 4].map((m) => Math.max(...errors.map((error) => error[m])));
      const cells = [median(errors.map(([volume]) => volume)), ...worst].map((percent) => percent.toFixed(2));
      return `| ${kind} | ${cases.length} | ${Math.min(...planes)} to ${Math.max(...planes)} | ${cells.join(' | ')} |`;
    }),
  ];
}

function errorsOf(one: ImplicitCase): CaseErrors {
  const truth = truthOf(one, SAMPLES);
  const { fine, volumeCc } = measure(contoursOf(one), doseOf(one));
  const doses = PERCENTS.map((percent) => [dPercent(fine, percent), truth.dGy(percent)]);
  const pairs = [[volumeCc, truth.volumeCc], [fine.meanGy, truth.meanGy], ...doses];
  return pairs.map(([ours, exact]) => 100 * Math.abs(ours / exact - 1));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
