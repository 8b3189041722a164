import { readFileSync } from 'node:fs';
import { referencePath, sharedPath } from '../../test/fixtures/shared.ts';

/** A case of Nelms et al. 2015 (doi:10.1118/1.4923175) whose files are there. */
export interface NelmsCase {
  name: string;
  structures: string;
  dose: string;
  /** Volume in cc, doses in cGy, in the order of METRICS. */
  truth: number[];
}

export const METRICS = ['volume', 'Dmin', 'Dmax', 'Dmean', 'D99', 'D95', 'D5', 'D1', 'D0.03cc'] as const;

export function nelmsCases(): NelmsCase[] {
  const folder = sharedPath('data/dvh-analytic');
  if (!folder) return [];
  const lines = readFileSync(referencePath('nelms2015/points.csv'), 'utf8').trim().split(/\r?\n/).slice(1);
  return lines
    .map((line) => Array.from(line.matchAll(/"([^"]*)"|([^,]+)/g), (m) => m[1] ?? m[2]))
    .filter(([structure]) => !structure.includes('_02_'))
    .map(([structure, , , grid, gradient, ...truth]) => ({
      name: `${structure} ${gradient.includes('AP') ? 'AP' : 'SI'}`,
      structures: `${folder}/structures/${structure}.dcm`,
      dose: `${folder}/dose/Linear_${gradient.includes('AP') ? 'AntPost' : 'SupInf'}_${grid}mm_Aligned.dcm`,
      truth: truth.map(Number),
    }));
}
