import { readFileSync } from 'node:fs';
import { readDataSet } from '../../lib/dicom/read.ts';
import { DEFAULT_MEASURE_OPTIONS } from '../../lib/dvh/course.ts';
import { doseField } from '../../lib/dvh/dose-field.ts';
import { measureRoi } from '../../lib/dvh/measure-roi.ts';
import { doseAtVolumeGy } from '../../lib/dvh/metrics/curve.ts';
import { readDose } from '../../lib/rt/read-dose.ts';
import { readStructureSet } from '../../lib/rt/read-structure-set.ts';
import type { PeerRoi } from './dvh-peers.ts';
import { METRICS, type NelmsCase } from './nelms-set.ts';

/** Errors in percent of the truth: a row per case, a column per metric. */
export type Errors = number[][];

export async function ourErrors(cases: NelmsCase[]): Promise<Errors> {
  const errors: Errors = [];
  for (const { structures, dose, truth } of cases) {
    const roi = readStructureSet(readDataSet(readFileSync(structures))).rois.find((one) => one.contours.length > 1);
    if (!roi) throw new Error(`no contours in ${structures}`);
    const field = doseField((await readDose(readDataSet(readFileSync(dose)))).volume);
    const region = { kind: 'contours' as const, roi };
    const { fine } = measureRoi({
      region,
      dose: field,
      options: { ...DEFAULT_MEASURE_OPTIONS, endCap: 'half-gap' as const },
      where: '',
    });
    if (!fine) throw new Error(`no dose in ${structures}`);
    const at = (volumeCc: number) => doseAtVolumeGy(fine.curve, volumeCc) * 100;
    const parts = [0.99, 0.95, 0.05, 0.01].map((part) => at(part * fine.volumeCc));
    const values = [fine.volumeCc, fine.minGy * 100, fine.maxGy * 100, fine.meanGy * 100, ...parts, at(0.03)];
    errors.push(values.map((value, n) => (value / truth[n] - 1) * 100));
  }
  return errors;
}

export function peerErrors(cases: NelmsCase[], rois: PeerRoi[][]): Errors {
  return cases.map(({ truth }, n) => {
    const values = rois[n].map((roi) => roi.values).find((found) => !('error' in found)) as Record<string, number>;
    return METRICS.map((metric, m) => {
      const value = metric === 'volume' ? values[metric] : values[metric] * 100;
      return (value / truth[m] - 1) * 100;
    });
  });
}

/** Ranges that PyPlanScoring reports for contours every 1, 2 and 3 mm of the same set (its repository, N = 24). */
export const PYPLANSCORING: Record<string, string> = {
  volume: '2: -3.9 ... 0.6',
  Dmin: '0: -0.2 ... 2.6',
  Dmax: '0: -0.4 ... 0',
  Dmean: '0: -0.8 ... 0.7',
  D99: '8: -14.4 ... 5.2',
  D95: '2: -4.2 ... 3.2',
  D5: '0: -0.7 ... 0.9',
  D1: '0: -1.1 ... 2.7',
  'D0.03cc': '11: 0.2 ... 10',
};

/** A table in Markdown: cases off by more than 3 %, the criterion of the authors, and the range of errors. */
export function errorTable(programs: { name: string; errors: Errors }[]): string[] {
  const [{ errors }] = programs;
  return [
    `| error in % of the exact value, ${errors.length} cases | ${programs.map(({ name }) => name).join(' | ')} | PyPlanScoring |`,
    `|---|${programs.map(() => '---|').join('')}---|`,
    ...METRICS.map((metric, m) => {
      const ranges = programs.map((program) => range(program.errors, m));
      return `| ${metric} | ${ranges.join(' | ')} | ${PYPLANSCORING[metric]} |`;
    }),
  ];
}

function range(errors: Errors, metric: number): string {
  const column = errors.map((row) => row[metric]);
  const above = column.filter((error) => Math.abs(error) > 3).length;
  return `${above}: ${Math.min(...column).toFixed(2)} ... ${Math.max(...column).toFixed(2)}`;
}
