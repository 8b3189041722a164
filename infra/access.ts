import type { CourseStageName, StageName } from '../lib/stages/table.ts';
import type { FUNCTION_BINDINGS } from '../statemachine/bindings.ts';

type FunctionName = (typeof FUNCTION_BINDINGS)[keyof typeof FUNCTION_BINDINGS];

/** What a stage may do with the objects of a run; patterns lie below `runs/<upload>/`. */
export interface StageAccess {
  /** Reads what was sent. */
  upload: boolean;
  reads: string[];
  /** Reads published models and weights. */
  models?: boolean;
  writes: string[];
  deletes?: string[];
}

const CONFIGURATION = ['private/config.json', 'private/request.json'];

function courseStage(stage: CourseStageName, upload: boolean, folders: string[] = [stage]): StageAccess {
  return {
    upload,
    reads: [...CONFIGURATION, 'courses/*', ...(upload ? ['private/unpacked/*'] : [])],
    writes: [...folders.map((folder) => `courses/*/${folder}/*`), `courses/*/status/${stage}.json`],
  };
}

/** Least privilege by stage: a role can do no more than its row says. */
export const STAGE_ACCESS: Record<StageName, StageAccess> = {
  catalog: {
    upload: true,
    reads: ['run/*', 'private/*'],
    writes: [
      'private/instances/*',
      'private/batches/*',
      'private/archives/*',
      'private/unpacked/*',
      'run/batches.jsonl',
      'run/status/catalog.json',
    ],
    deletes: ['private/unpacked/*'],
  },
  organize: {
    upload: true,
    reads: ['run/*', 'private/*', 'courses/*/course.json'],
    writes: [
      'private/files.csv',
      'private/known-patients/*',
      'run/courses.jsonl',
      'run/organized.json',
      'run/organized/*',
      'run/tasks/*',
      'courses/*/course.json',
    ],
  },
  size_jobs: {
    upload: false,
    reads: [...CONFIGURATION, 'courses/*'],
    writes: ['courses/*/tasks/*', 'courses/*/status/*'],
  },
  // The first of these three that needs the images makes them.
  segmentation: { ...courseStage('segmentation', true, ['segmentation', 'images']), models: true },
  custom_models: { ...courseStage('custom_models', true, ['segmentation', 'images']), models: true },
  structures: courseStage('structures', true, ['structures', 'images']),
  dvh: courseStage('dvh', true),
  radiomics: courseStage('radiomics', false),
  qc: courseStage('qc', true),
  robustness: { ...courseStage('robustness', false), deletes: ['courses/*/robustness/kept/*'] },
  aggregate: {
    upload: false,
    reads: ['run/*', 'private/*', 'courses/*'],
    writes: ['results/*'],
    deletes: ['results/*'],
  },
  report: {
    upload: false,
    reads: [
      'results/*',
      'private/config.json',
      'courses/*/course.json',
      'courses/*/dvh/*',
      'courses/*/qc/pictures.json',
    ],
    writes: ['results/report.html', 'results/report/*'],
  },
};

/** The same of functions that are no stages. */
export const FUNCTION_ACCESS: Record<FunctionName, StageAccess> = {
  // Sizes the jobs of all courses as size_jobs does, and writes nothing.
  estimate: {
    upload: false,
    reads: [...CONFIGURATION, 'run/courses.jsonl', 'run/organized.json', 'courses/*'],
    writes: [],
  },
};
