import { BadInput } from '../errors.ts';
import { type Finding, finding } from '../findings.ts';
import { type Grid, voxelCount } from '../image/grid.ts';
import type { Dose } from './dose.ts';
import type { Matrix4 } from './matrix4.ts';
import { addResampled, greatestOutsideGy } from './resample-dose.ts';

/** A dose and what it is multiplied with: 1, or the fractions of a dose of one session. */
export interface DoseTerm {
  dose: Dose;
  weight: number;
}

export interface SumOptions {
  /** UID of the new dose. */
  sopInstanceUid: string;
  /** The matrix from one frame of reference to another by a rigid registration. */
  rigidTransform?: (from: string, to: string) => Matrix4 | undefined;
}

export interface DoseSum {
  dose: Dose;
  /** The dose whose grid the sum lies on: the finest. */
  referenceUid: string;
  /** Part of the voxels of the sum that lie inside each term, in the order of the terms. */
  coverage: number[];
}

/**
 * The weighted sum of doses on the grid of the finest, by trilinear resampling; outside of its grid a dose is 0. The sum
 * is of type MULTI_PLAN, or PLAN when all terms belong to one plan.
 * @throws BadInput for no terms, relative doses, and frames of reference that no rigid registration joins
 */
export function sumDoses(terms: DoseTerm[], options: SumOptions): DoseSum {
  if (terms.length === 0) throw new BadInput('there is no dose to add');
  requireAbsolute(terms);
  const reference = terms.map(({ dose }) => dose).reduce((a, b) => (voxelMm3(b) < voxelMm3(a) ? b : a));
  const { grid } = reference.volume;
  const count = voxelCount(grid);
  const data = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
  const findings: Finding[] = [];
  const coverage = terms.map(({ dose, weight }) => {
    const covered = new Uint8Array(count);
    const matrix = between(reference, dose, options);
    addResampled({ sum: data, covered, grid }, dose.volume, weight, matrix);
    findings.push(...cropFindings(grid, dose, matrix));
    return covered.reduce((sum, inside) => sum + inside, 0) / count;
  });
  findings.push(...coverageFindings(terms, coverage, options.sopInstanceUid));
  const planUids = union(terms.map(({ dose }) => dose.planUids));
  return {
    dose: {
      sopInstanceUid: options.sopInstanceUid,
      studyInstanceUid: reference.studyInstanceUid,
      frameOfReferenceUid: reference.frameOfReferenceUid,
      summationType: planUids.length === 1 ? 'PLAN' : 'MULTI_PLAN',
      doseType: terms.every(({ dose }) => dose.doseType === reference.doseType) ? reference.doseType : 'PHYSICAL',
      units: 'GY',
      relative: false,
      planUids,
      structureSetUids: union(terms.map(({ dose }) => dose.structureSetUids)),
      volume: { grid, data },
      findings,
    },
    referenceUid: reference.sopInstanceUid,
    coverage,
  };
}

function requireAbsolute(terms: DoseTerm[]): void {
  for (const { dose, weight } of terms) {
    const where = dose.sopInstanceUid;
    if (dose.relative) throw new BadInput('a relative dose cannot be added', { where });
    if (!Number.isFinite(weight)) throw new BadInput(`impossible weight ${weight}`, { where });
  }
}

function voxelMm3({ volume: { grid } }: Dose): number {
  return grid.spacingMm[0] * grid.spacingMm[1] * grid.spacingMm[2];
}

/** Undefined within one frame of reference. */
function between(reference: Dose, dose: Dose, { rigidTransform }: SumOptions): Matrix4 | undefined {
  const [from, to] = [reference.frameOfReferenceUid, dose.frameOfReferenceUid];
  if (from === to || from === '' || to === '') return undefined;
  const matrix = rigidTransform?.(from, to);
  if (!matrix) {
    const message = 'the doses have different frames of reference, and no rigid registration links them';
    throw new BadInput(message, { where: dose.sopInstanceUid });
  }
  return matrix;
}

/** Doses above this part of the maximum are worth a remark when the grid of the sum does not hold them. */
const NOTABLE_PART = 0.01;

function cropFindings(grid: Grid, dose: Dose, matrix: Matrix4 | undefined): Finding[] {
  const lost = greatestOutsideGy(grid, dose.volume, matrix);
  let most = 0;
  for (const value of dose.volume.data) if (value > most) most = value;
  if (lost <= NOTABLE_PART * most) return [];
  const message = `up to ${lost.toPrecision(4)} Gy of this dose are outside the grid of the sum`;
  return [finding('DOSE_SUM_CROPPED', dose.sopInstanceUid, message)];
}

function coverageFindings(terms: DoseTerm[], coverage: number[], where: string): Finding[] {
  if (coverage.every((part) => part === 1)) return [];
  const parts = terms.map(({ dose }, n) => `${dose.sopInstanceUid} ${(100 * coverage[n]).toFixed(1)} %`);
  const message = `these doses do not cover the whole grid of the sum and count as 0 outside their own grid: ${parts.join(', ')}`;
  return [finding('DOSE_SUM_COVERAGE', where, message)];
}

function union(lists: string[][]): string[] {
  return [...new Set(lists.flat())];
}
