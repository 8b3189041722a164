import type { AnyCourseStage } from './define-course-stage.ts';
import type { AnyStage } from './stage.ts';
import { isStage, type StageName } from './table.ts';

const LOADERS: Record<StageName, () => Promise<AnyStage>> = {
  catalog: async () => (await import('./catalog/catalog.ts')).catalog,
  organize: async () => (await import('./organize/organize.ts')).organize,
  size_jobs: async () => (await import('./size-jobs.ts')).sizeJobs,
  segmentation: () => ofCourse(async () => (await import('./segmentation/segmentation.ts')).segmentation),
  custom_models: () => ofCourse(async () => (await import('./segmentation/custom-models.ts')).customModels),
  structures: () => ofCourse(async () => (await import('./structures/structures.ts')).structures),
  dvh: () => ofCourse(async () => (await import('./dvh.ts')).dvh),
  radiomics: () => ofCourse(async () => (await import('./radiomics/radiomics.ts')).radiomics),
  qc: () => ofCourse(async () => (await import('./qc/qc.ts')).qc),
  robustness: () => ofCourse(async () => (await import('./robustness/robustness.ts')).robustness),
  aggregate: async () => (await import('./aggregate/aggregate.ts')).aggregate,
  report: async () => (await import('./report.ts')).report,
};

/** The stage of that name. Only its own code is read, so that a job starts the sooner. */
export async function loadStage(name: string): Promise<AnyStage | undefined> {
  return isStage(name) ? LOADERS[name]() : undefined;
}

async function ofCourse(load: () => Promise<AnyCourseStage>): Promise<AnyStage> {
  const [stage, { courseStage }] = await Promise.all([load(), import('./course-stage.ts')]);
  return courseStage(stage);
}
