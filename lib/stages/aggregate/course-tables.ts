import type { Config } from '../../config.ts';
import { CURVE_COLUMNS, CURVES_KEY, METRICS_KEY } from '../../dvh/metrics/columns.ts';
import { GOAL_COLUMNS, GOALS_KEY } from '../../dvh/metrics/goals.ts';
import { dvhColumns } from '../../dvh/report-course.ts';
import { MEASURE_COLUMNS } from '../../qc/measures-table.ts';
import { QC_COLUMNS, QC_KEY } from '../../qc/qc.ts';
import { COURSE_COLUMNS, ROI_KEY } from '../../rt/row-identity.ts';
import { AGREEMENT_COLUMNS, AGREEMENT_KEY } from '../../structures/agreement-table.ts';
import type { Column, TableHead } from '../../tables/table.ts';
import { dvhConfig, optionsOf } from '../dvh.ts';
import { ibsiSettingsOf, ibsiTableColumns } from '../radiomics/ibsi.ts';
import { pyradiomicsColumns } from '../radiomics/image.ts';
import { type FeatureModality, settingsFor } from '../radiomics/profile.ts';
import { STRUCTURE_COLUMNS } from '../structures/table.ts';
import { COURSE_STAGE_NAMES, type CourseStageName, type CourseTableName, STAGES } from '../table.ts';

interface Declared {
  key: string[];
  /** They follow from the configuration alone: no cohort has others. Undefined when it asks for no such table. */
  columns(config: Config): Column[] | undefined | Promise<Column[] | undefined>;
}

const DECLARED: Record<CourseTableName, Declared> = {
  structures: { key: ROI_KEY, columns: () => STRUCTURE_COLUMNS },
  agreement: { key: AGREEMENT_KEY, columns: () => AGREEMENT_COLUMNS },
  dvh_metrics: {
    key: METRICS_KEY,
    columns: (config) => [...COURSE_COLUMNS, ...dvhColumns(optionsOf(dvhConfig(config), 0))],
  },
  dvh_curves: { key: CURVES_KEY, columns: () => [...COURSE_COLUMNS, ...CURVE_COLUMNS] },
  goals: { key: GOALS_KEY, columns: () => [...COURSE_COLUMNS, ...GOAL_COLUMNS] },
  radiomics_ct: features('CT'),
  radiomics_mr: features('MR'),
  radiomics_pet: features('PT'),
  radiomics_ibsi: {
    key: ROI_KEY,
    columns(config) {
      const settings = ibsiSettingsOf(config.radiomics);
      return settings && ibsiTableColumns(settings);
    },
  },
  qc: { key: QC_KEY, columns: () => QC_COLUMNS },
  qc_measures: { key: ROI_KEY, columns: () => MEASURE_COLUMNS },
};

function features(modality: FeatureModality): Declared {
  return { key: ROI_KEY, columns: async (config) => pyradiomicsColumns(await settingsFor(modality, config.radiomics)) };
}

/** A table of the cohort that is put together from parts of its courses. */
export interface CourseTable extends TableHead {
  stage: CourseStageName;
}

/** All of them that the configuration asks for, in the order of the pipeline. */
export async function courseTableHeads(config: Config): Promise<CourseTable[]> {
  const heads: CourseTable[] = [];
  for (const stage of COURSE_STAGE_NAMES) {
    for (const name of STAGES[stage].tables) {
      const { key, columns } = DECLARED[name];
      const declared = await columns(config);
      if (declared) heads.push({ stage, name, key, columns: declared });
    }
  }
  return heads;
}
