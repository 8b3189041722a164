import type { Cell, Row } from '../tables/table.ts';
import { redundantGroups } from './redundancy.ts';

/** Features of a group of structures that are fit for a model, and which of them tell the same. */
export interface FeatureSelection {
  standard_name: Cell;
  roi_name: Cell;
  source: Cell;
  modality: Cell;
  /** Of the name, with or without values. */
  structures: number;
  robust: string[];
  acceptable: string[];
  /** Of robust and acceptable features, the representative first; null without enough structures to tell. */
  redundant_groups: string[][] | null;
  /** One feature of each group, or all robust and acceptable ones without groups. */
  selected: string[];
  note: string;
}

export const REDUNDANT_FROM = 0.9;
/** Of fewer structures ranks agree by chance. */
const LEAST_STRUCTURES = 10;

/**
 * The selection of a group: features that are robust or acceptable over all perturbations, less those that repeat another
 * one. The representative of a group of redundant features is the one of the highest lower bound of ICC.
 * @param rows of robustness_summary, of one group and all perturbations
 * @param unperturbed values of a feature over the structures of the group, NaN where there is none
 */
export function selectFeatures(rows: Row[], unperturbed: (feature: string) => Float64Array): FeatureSelection {
  const named = (label: string) =>
    rows.filter((row) => row.robustness_label === label).map((row) => String(row.feature_name));
  const [robust, acceptable] = [named('robust'), named('acceptable')];
  const bounds = new Map(rows.map((row) => [String(row.feature_name), Number(row.icc_ci95_low ?? Number.NaN)]));
  const { standard_name, roi_name, source, modality } = rows[0];
  const candidates = [...robust, ...acceptable];
  const values = candidates.map(unperturbed);
  const whole = Array.from({ length: values[0]?.length ?? 0 }, (_, n) => n).filter((n) =>
    values.every((one) => Number.isFinite(one[n])),
  );
  const base = {
    standard_name,
    roi_name,
    source,
    modality,
    structures: Number(rows[0].n_subjects),
    robust,
    acceptable,
  };
  if (candidates.length === 0)
    return { ...base, redundant_groups: [], selected: [], note: 'no feature is robust or acceptable' };
  if (whole.length < LEAST_STRUCTURES) {
    const note = `redundancy is not judged: ${LEAST_STRUCTURES} structures with all features are needed, there are ${whole.length}`;
    return { ...base, redundant_groups: null, selected: candidates, note };
  }
  const complete = values.map((one) => Float64Array.from(whole, (n) => one[n]));
  const groups = redundantGroups(complete, REDUNDANT_FROM).map((members) =>
    members.map((n) => candidates[n]).sort((a, b) => (bounds.get(b) ?? 0) - (bounds.get(a) ?? 0)),
  );
  return { ...base, redundant_groups: groups, selected: groups.map(([first]) => first), note: '' };
}
