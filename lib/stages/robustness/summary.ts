import type { Config } from '../../config.ts';
import { sha256 } from '../../course-store/json.ts';
import { featureColumns } from '../../radiomics/pyradiomics/columns.ts';
import { PERTURBATION_COLUMNS, SUMMARY_COLUMNS, SUMMARY_KEY, VALUES_KEY } from '../../robustness/columns.ts';
import type { LabelSettings } from '../../robustness/label.ts';
import { type Subject, type SubjectGroup, summariseFeature } from '../../robustness/summarise.ts';
import { ROI_KEY } from '../../rt/row-identity.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { unionColumns } from '../../tables/concat.ts';
import { keyCells, repeatedKeys } from '../../tables/key.ts';
import { createParquet, fromParquet } from '../../tables/parquet.ts';
import { sortRows } from '../../tables/sort.ts';
import type { Cell, Column, Row, Table, TableHead } from '../../tables/table.ts';
import { parted, type RefusedRow } from '../../tables/validate.ts';
import { FEATURE_MODALITIES, type FeatureModality, settingsFor } from '../radiomics/profile.ts';
import { VALUES_TABLE, valuesKey } from './robustness.ts';

/** A table that was written already, since it is too long to be held. */
export interface WrittenTable extends TableHead {
  rows: number;
  repeatedKeys: number;
  sha256: string;
}

export interface CohortRobustness {
  /** Agreement of every feature over the cohort. */
  summary: Table;
  /** All values, as Parquet alone: as text the numbers of a cohort are longer than any text may be. */
  values: WrittenTable;
  /** Rows that hold what their columns do not allow: they are in neither. */
  refused: RefusedRow[];
}

/** The wide rows of a row group stay within some hundred MiB. */
const ROWS_PER_GROUP = 4096;

/**
 * Puts the values of all courses into one file and measures their agreement. One course at a time is held as rows; of all
 * courses only the numbers stay.
 * @param courseIds courses whose stage ended well, in the order of their rows
 */
export async function cohortRobustness(
  courseIds: string[],
  config: Config,
  store: ObjectStore,
): Promise<CohortRobustness | undefined> {
  if (courseIds.length === 0) return undefined;
  const byModality = await featuresByModality(config);
  const columns = unionColumns(Object.values(byModality));
  const features = columns.map(({ name }) => name);
  const head = { name: VALUES_TABLE, key: VALUES_KEY, columns: [...PERTURBATION_COLUMNS, ...columns] };
  const file = createParquet(head, ROWS_PER_GROUP);
  const groups = new Map<string, Group>();
  const refused: RefusedRow[] = [];
  let [count, repeated] = [0, 0];
  for (const courseId of courseIds) {
    const read = await fromParquet(await store.get(valuesKey(courseId)));
    const { table, refused: others } = parted({ ...head, rows: read.rows });
    const { rows } = table;
    refused.push(...others);
    file.append(rows);
    count += rows.length;
    repeated += repeatedKeys({ ...head, rows });
    for (const row of rows) collect(groups, row, features);
  }
  const body = file.finish();
  await store.put(resultKeys.table(VALUES_TABLE, 'parquet'), body);
  const summary: Table = {
    name: 'robustness_summary',
    key: SUMMARY_KEY,
    columns: SUMMARY_COLUMNS,
    rows: summaryRows([...groups.values()], features, byModality, config.radiomics_robustness),
  };
  const values = { ...head, rows: count, repeatedKeys: repeated, sha256: sha256(body) };
  return { summary: sortRows(summary), values, refused };
}

/** The features of each modality, as the configuration decides, whether the cohort has such images or not. */
async function featuresByModality(config: Config): Promise<Record<FeatureModality, Column[]>> {
  const entries = await Promise.all(
    FEATURE_MODALITIES.map(async (modality) => [
      modality,
      featureColumns(await settingsFor(modality, config.radiomics)),
    ]),
  );
  return Object.fromEntries(entries);
}

/** Structures that share a standard name, or, without one, the name that the source wrote. */
interface Group extends SubjectGroup {
  names: Set<string>;
  byKey: Map<string, Subject>;
}

function collect(groups: Map<string, Group>, row: Row, features: string[]): void {
  const { standard_name, roi_name, source, modality } = row;
  const named = standard_name === null ? [null, roi_name] : [standard_name, null];
  const group = getOrMake(groups, JSON.stringify([...named, source, modality]), () => {
    return { identity: { standard_name, source, modality }, names: new Set<string>(), subjects: [], byKey: new Map() };
  });
  group.names.add(String(roi_name));
  const who = keyCells({ key: ROI_KEY }, row);
  const subject = getOrMake(group.byKey, JSON.stringify(who), () => {
    const added: Subject = { courseId: String(row.course_id), values: new Map() };
    group.subjects.push(added);
    return added;
  });
  if (row.perturbation_id === null) return;
  const values = row.status === 'ok' ? Float64Array.from(features, (name) => numberOf(row[name])) : undefined;
  subject.values.set(String(row.perturbation_id), values);
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function numberOf(cell: Cell): number {
  return typeof cell === 'number' ? cell : Number.NaN;
}

function summaryRows(
  groups: Group[],
  features: string[],
  byModality: Record<FeatureModality, Column[]>,
  settings: LabelSettings,
): Row[] {
  const isOf = (modality: Cell, feature: string) =>
    byModality[modality as FeatureModality]?.some(({ name }) => name === feature) ?? false;
  return groups
    .filter(({ subjects }) => subjects.some(({ values }) => values.size > 0))
    .flatMap((group) => {
      const identity = { ...group.identity, roi_name: [...group.names].sort().join('; ') };
      return features.flatMap((name, n) =>
        isOf(group.identity.modality, name)
          ? [{ feature_name: name, ...summariseFeature({ ...group, identity }, n, settings) }]
          : [],
      );
    });
}
