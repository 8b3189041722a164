import type { CourseStage } from './course-stage.ts';
import type { AnyStage } from './stage.ts';

const LOADERS: Record<string, () => Promise<AnyStage>> = {
  catalog: async () => (await import('./catalog.ts')).catalog,
  organize: async () => (await import('./organize.ts')).organize,
  plan: async () => (await import('./plan.ts')).plan,
  segmentation: () => ofCourse(async () => (await import('./segmentation.ts')).segmentation),
  custom_models: () => ofCourse(async () => (await import('./custom-models.ts')).customModels),
  structures: () => ofCourse(async () => (await import('./structures.ts')).structures),
  dvh: () => ofCourse(async () => (await import('./dvh.ts')).dvh),
  radiomics: () => ofCourse(async () => (await import('./radiomics.ts')).radiomics),
  qc: () => ofCourse(async () => (await import('./qc.ts')).qc),
  robustness: () => ofCourse(async () => (await import('./robustness.ts')).robustness),
  aggregate: async () => (await import('./aggregate.ts')).aggregate,
  report: async () => (await import('./report.ts')).report,
};

/** Every stage by the name that the state machine, the task documents and the status files use. */
export const STAGE_NAMES = Object.keys(LOADERS);

/** The stage of that name, its code read only now: a job has use for one, and starts the sooner. */
export async function loadStage(name: string): Promise<AnyStage | undefined> {
  return LOADERS[name]?.();
}

async function ofCourse(load: () => Promise<CourseStage>): Promise<AnyStage> {
  const [stage, { courseStage }] = await Promise.all([load(), import('./course-stage.ts')]);
  return courseStage(stage);
}
