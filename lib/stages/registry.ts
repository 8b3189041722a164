import { aggregate } from './aggregate.ts';
import { catalog } from './catalog.ts';
import { courseStage } from './course-stage.ts';
import { COURSE_STAGES } from './course-stages.ts';
import { organize } from './organize.ts';
import { plan } from './plan.ts';
import { report } from './report.ts';
import type { Stage } from './stage.ts';

/** Every stage by the name that the state machine, the task documents and the status files use. */
// biome-ignore lint/suspicious/noExplicitAny: stages of every input stand side by side; each checks its own
export const stages: Record<string, Stage<any, unknown>> = Object.fromEntries(
  [catalog, organize, plan, ...COURSE_STAGES.map(courseStage), aggregate, report].map((stage) => [stage.name, stage]),
);
