import type { Config } from '../../config.ts';
import { writeJson } from '../../course-store/json.ts';
import { putPieces, type Written } from '../../course-store/put-pieces.ts';
import { featureColumns } from '../../radiomics/pyradiomics/columns.ts';
import { PERTURBATION_COLUMNS, SUMMARY_COLUMNS, SUMMARY_KEY, VALUES_KEY } from '../../robustness/columns.ts';
import { perturbationsByKind, unchanged } from '../../robustness/kinds.ts';
import type { LabelSettings } from '../../robustness/label.ts';
import { REDUNDANT_FROM, selectFeatures } from '../../robustness/selection.ts';
import { type KindOfPerturbation, type Subject, summariseFeature } from '../../robustness/summarise.ts';
import { resultKeys } from '../../store/keys.ts';
import type { ObjectStore } from '../../store/store.ts';
import { unionColumns } from '../../tables/concat.ts';
import { repeatedKeys } from '../../tables/key.ts';
import { fromParquet, parquetPieces } from '../../tables/parquet.ts';
import { sortRows } from '../../tables/sort.ts';
import type { Cell, Column, Row, Table, TableHead } from '../../tables/table.ts';
import { parted, type RefusedRow } from '../../tables/validate.ts';
import { FEATURE_MODALITIES, type FeatureModality, settingsFor } from '../radiomics/profile.ts';
import { collect, identityOf, observers, type RobustnessGroup } from './groups.ts';
import { VALUES_TABLE, valuesKey } from './robustness.ts';

/** A table of the results, of which the Parquet file is written. */
export interface WrittenTable extends TableHead {
  /** How many rows there are. */
  count: number;
  /** Rows with the key of another row. */
  repeatedKeys: number;
  parquet: Written;
}

export interface CohortRobustness {
  /** Agreement of every feature over the cohort. */
  summary: Table;
  /** All values, as Parquet alone: as text the numbers of a cohort are longer than any text may be. */
  values: WrittenTable;
  /** Rows that hold what their columns do not allow: they are in neither. */
  refused: RefusedRow[];
}

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
  const groups = new Map<string, RobustnessGroup>();
  const refused: RefusedRow[] = [];
  let [count, repeated] = [0, 0];
  async function* batches(): AsyncGenerator<Row[]> {
    for (const courseId of courseIds) {
      const read = await fromParquet(await store.get(valuesKey(courseId)));
      const { table, refused: others } = parted({ ...head, rows: read.rows });
      const { rows } = table;
      refused.push(...others);
      count += rows.length;
      repeated += repeatedKeys({ ...head, rows });
      for (const row of rows) collect(groups, row, features);
      yield rows;
    }
  }
  const parquet = await putPieces(store, resultKeys.table(VALUES_TABLE, 'parquet'), parquetPieces(head, batches()));
  const summary: Table = {
    name: 'robustness_summary',
    key: SUMMARY_KEY,
    columns: SUMMARY_COLUMNS,
    rows: summaryRows([...groups.values()], { byModality, all: features }, config.radiomics_robustness),
  };
  await writeJson(store, resultKeys.robustFeatures, selectionOf(summary.rows, groups, features, config));
  const values = { ...head, count, repeatedKeys: repeated, parquet };
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

/** What `robust_features.json` holds: by which rule features were judged, and the selection of every group. */
function selectionOf(rows: Row[], groups: Map<string, RobustnessGroup>, features: string[], config: Config) {
  const { metrics, thresholds } = config.radiomics_robustness;
  const overall = rows.filter(({ perturbation }) => perturbation === 'all');
  const of = (group: RobustnessGroup) => {
    const identity = Object.entries(identityOf(group));
    const own = overall.filter((row) => identity.every(([name, value]) => row[name] === value));
    const still = unchanged(group.strengths) ?? '';
    const valuesOf = (feature: string) => {
      const at = features.indexOf(feature);
      return Float64Array.from(group.subjects, ({ values }) => values.get(still)?.[at] ?? Number.NaN);
    };
    return own.length > 0 ? [selectFeatures(own, valuesOf)] : [];
  };
  const groupsInOrder = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  return {
    icc_type: metrics.icc.icc_type,
    thresholds,
    redundant_from: REDUNDANT_FROM,
    structures: groupsInOrder.flatMap(of),
  };
}

/** The features of each modality, and all of them in the order of the values. */
interface FeatureNames {
  byModality: Record<FeatureModality, Column[]>;
  all: string[];
}

function summaryRows(groups: RobustnessGroup[], { byModality, all }: FeatureNames, settings: LabelSettings): Row[] {
  const isOf = (modality: Cell, feature: string) =>
    byModality[modality as FeatureModality]?.some(({ name }) => name === feature) ?? false;
  return groups
    .filter(({ subjects }) => subjects.some(({ values }) => values.size > 0))
    .flatMap((group) => {
      const identity = identityOf(group);
      const kinds = [...perturbationsByKind(group.strengths)].map(([kind, ids]) => ({ kind, ids }));
      const observed = observers(group);
      return all.flatMap((name, n) => {
        if (!isOf(group.identity.modality, name)) return [];
        const of = (subjects: Subject[], kind: KindOfPerturbation) => ({
          ...summariseFeature({ identity, subjects }, n, kind, settings),
          feature_name: name,
        });
        const rows = kinds.map((kind) => of(group.subjects, kind));
        return observed ? [...rows, of(observed.subjects, { kind: 'observer', ids: observed.ids })] : rows;
      });
    });
}
