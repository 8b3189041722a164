/**
 * Every stage, in the order of the pipeline. Other tables that have a row per stage are a `Record<StageName, ...>` or
 * `Record<CourseStageName, ...>`: a stage that is added here is missing there, and tsc says so. docs/architecture.md
 * goes through the steps.
 */

/** What a stage runs as on AWS. */
export type Runtime = 'lambda' | 'batch cpu' | 'batch gpu';

interface Row {
  /** Runs once for every course, or once for the run; `sizing` runs before the stages of a course. */
  of: 'run' | 'sizing' | 'course';
  /** Stages of the course whose results it reads: a change there computes this stage again. */
  after: readonly string[];
  runs: Runtime;
  /** Batch jobs that need a GPU, or hours, run on hosts of EC2; the others on Fargate. */
  hosts: 'none' | 'fargate' | 'ec2';
  /** Tables of the cohort that its parts make up. */
  tables: readonly string[];
}

const ROWS = {
  catalog: { of: 'run', after: [], runs: 'lambda', hosts: 'none', tables: [] },
  organize: { of: 'run', after: [], runs: 'lambda', hosts: 'none', tables: [] },
  size_jobs: { of: 'sizing', after: [], runs: 'lambda', hosts: 'none', tables: [] },
  segmentation: { of: 'course', after: [], runs: 'batch gpu', hosts: 'ec2', tables: [] },
  custom_models: { of: 'course', after: ['segmentation'], runs: 'batch gpu', hosts: 'ec2', tables: [] },
  structures: {
    of: 'course',
    after: ['segmentation', 'custom_models'],
    runs: 'batch cpu',
    hosts: 'fargate',
    tables: ['structures', 'agreement'],
  },
  dvh: {
    of: 'course',
    after: ['structures'],
    runs: 'batch cpu',
    hosts: 'fargate',
    tables: ['dvh_metrics', 'dvh_curves', 'goals'],
  },
  radiomics: {
    of: 'course',
    after: ['structures'],
    runs: 'batch cpu',
    hosts: 'fargate',
    tables: ['radiomics_ct', 'radiomics_mr', 'radiomics_pet', 'radiomics_ibsi'],
  },
  qc: {
    of: 'course',
    after: ['structures'],
    runs: 'batch cpu',
    hosts: 'fargate',
    tables: ['qc', 'qc_measures'],
  },
  robustness: { of: 'course', after: ['structures'], runs: 'batch cpu', hosts: 'ec2', tables: [] },
  aggregate: { of: 'run', after: [], runs: 'batch cpu', hosts: 'fargate', tables: [] },
  report: { of: 'run', after: [], runs: 'lambda', hosts: 'none', tables: [] },
} as const satisfies Record<string, Row>;

type Rows = typeof ROWS;
type NamesWith<Fields> = { [Name in keyof Rows]: Rows[Name] extends Fields ? Name : never }[keyof Rows];

export type StageName = keyof Rows;
export type CourseStageName = NamesWith<{ of: 'course' }>;
/** Stages that are jobs, with CPUs and memory of their own. */
export type JobStageName = NamesWith<{ runs: 'batch cpu' | 'batch gpu' }>;
/** Tables of the cohort that are put together from parts of courses. */
export type CourseTableName = Rows[CourseStageName]['tables'][number];

export interface StageRow extends Row {
  after: readonly CourseStageName[];
  tables: readonly CourseTableName[];
}

export const STAGES: Record<StageName, StageRow> = ROWS;

export const STAGE_NAMES = Object.keys(ROWS) as StageName[];
export const COURSE_STAGE_NAMES = STAGE_NAMES.filter(isCourseStage);
export const JOB_STAGE_NAMES = STAGE_NAMES.filter(isJobStage);

export function isStage(name: string): name is StageName {
  return Object.hasOwn(ROWS, name);
}

export function isCourseStage(name: string): name is CourseStageName {
  return isStage(name) && STAGES[name].of === 'course';
}

export function isJobStage(name: string): name is JobStageName {
  return isStage(name) && STAGES[name].runs !== 'lambda';
}
