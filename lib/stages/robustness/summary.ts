import type { Config } from '../../config.ts';
import { IDENTITY_COLUMNS } from '../../course-store/identity.ts';
import { sha256 } from '../../course-store/json.ts';
import { PERTURBATION_COLUMNS, SUMMARY_COLUMNS } from '../../robustness/columns.ts';
import type { LabelSettings } from '../../robustness/label.ts';
import { type Subject, type SubjectGroup, summariseFeature } from '../../robustness/summarise.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { unionColumns } from '../../tables/concat.ts';
import { createParquet, fromParquet, parquetHead } from '../../tables/parquet.ts';
import { sortRows } from '../../tables/sort.ts';
import type { Cell, Column, Row, Table } from '../../tables/table.ts';
import { VALUES_TABLE, valuesKey } from './robustness.ts';

/** A table that was written already, since it is too long to be held. */
export interface WrittenTable {
  name: string;
  columns: Column[];
  rows: number;
  sha256: string;
}

export interface CohortRobustness {
  /** Agreement of every feature over the cohort. */
  summary: Table;
  /** All values, as Parquet alone: as text the numbers of a cohort are longer than any text may be. */
  values: WrittenTable;
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
  { radiomics_robustness: settings }: Config,
  store: ObjectStore,
): Promise<CohortRobustness | undefined> {
  if (courseIds.length === 0) return undefined;
  const columns = await columnsOf(courseIds, store);
  const features = columns.map(({ name }) => name).filter((name) => !NOT_FEATURES.has(name));
  const file = createParquet(VALUES_TABLE, columns, ROWS_PER_GROUP);
  const groups = new Map<string, Group>();
  let count = 0;
  for (const courseId of courseIds) {
    const { rows } = await fromParquet(await store.get(valuesKey(courseId)));
    file.append(rows);
    count += rows.length;
    for (const row of rows) collect(groups, row, features);
  }
  const body = file.finish();
  await store.put(resultKeys.table(VALUES_TABLE, 'parquet'), body);
  const rows = summaryRows([...groups.values()], features, settings);
  const summary = sortRows({ name: 'robustness_summary', columns: SUMMARY_COLUMNS, rows });
  return { summary, values: { name: VALUES_TABLE, columns, rows: count, sha256: sha256(body) } };
}

const NOT_FEATURES = new Set([...IDENTITY_COLUMNS, ...PERTURBATION_COLUMNS].map(({ name }) => name));

async function columnsOf(courseIds: string[], store: ObjectStore): Promise<Column[]> {
  const lists: Column[][] = [];
  for (const courseId of courseIds) lists.push(parquetHead(await store.get(valuesKey(courseId))).columns);
  return unionColumns(lists);
}

interface Group extends SubjectGroup {
  modality: Cell;
  byKey: Map<string, Subject>;
}

function collect(groups: Map<string, Group>, row: Row, features: string[]): void {
  const identity = { roi_name: row.standard_name ?? row.roi_name, source: row.source, modality: row.modality };
  const group = getOrMake(groups, JSON.stringify(identity), () => {
    return { identity, modality: row.modality, subjects: [], byKey: new Map() };
  });
  const who = [row.course_id, row.image_series_uid, row.structure_set_uid, row.roi_number, row.roi_name];
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

function summaryRows(groups: Group[], features: string[], settings: LabelSettings): Row[] {
  const seen = new Map<Cell, Set<number>>();
  for (const { modality, subjects } of groups) {
    const found = seen.get(modality) ?? new Set<number>();
    seen.set(modality, found);
    for (const values of subjects.flatMap((subject) => [...subject.values.values()]))
      values?.forEach((value, n) => {
        if (Number.isFinite(value)) found.add(n);
      });
  }
  const isElsewhereOnly = (modality: Cell, n: number) =>
    !seen.get(modality)?.has(n) && [...seen.values()].some((found) => found.has(n));
  return groups
    .filter(({ subjects }) => subjects.some(({ values }) => values.size > 0))
    .flatMap((group) =>
      features.flatMap((name, n) =>
        isElsewhereOnly(group.modality, n) ? [] : [{ feature_name: name, ...summariseFeature(group, n, settings) }],
      ),
    );
}
