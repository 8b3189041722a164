import type { HostKind } from '../aws/prices.ts';
import type { Config } from '../config.ts';
import { asksForGpu } from '../pool/gpus.ts';
import { COURSE_STAGE_NAMES, type CourseStageName, type JobStageName, STAGES } from './table.ts';

/** On which hosts a stage's jobs run, as the machine of stages chooses its queue. */
export function hostKindOf(stage: JobStageName, hasGpu: boolean): HostKind {
  if (STAGES[stage].hosts !== 'ec2') return 'cpu';
  return STAGES[stage].runs === 'batch gpu' && hasGpu ? 'gpu' : 'long';
}

/** Stages that a run leaves out, and why: those for whose hosts the account has no quota, of those that are enabled. */
export function stagesLeftOut(
  { segmentation, custom_models, radiomics_robustness }: Config,
  closed: Map<HostKind, string>,
): Partial<Record<CourseStageName, string>> {
  const isOff: Partial<Record<CourseStageName, boolean>> = {
    segmentation: !segmentation.enabled,
    custom_models: !custom_models.enabled,
    robustness: !radiomics_robustness.enabled,
  };
  const found = COURSE_STAGE_NAMES.flatMap((stage) => {
    const kind = hostKindOf(stage, asksForGpu(segmentation.device));
    const why = closed.get(kind);
    return why === undefined || isOff[stage] ? [] : [[stage, `no ${NAMES[kind]}: ${why}`] as const];
  });
  return Object.fromEntries(found);
}

const NAMES: Record<HostKind, string> = {
  cpu: 'capacity of Fargate',
  long: 'hosts without a GPU',
  gpu: 'hosts with a GPU',
  largeGpu: 'hosts with a large GPU',
};
