/**
 * What stands behind the `${Placeholders}` of pipeline.asl.json and stage-job.asl.json. On AWS a row becomes a function
 * or job definition, its role and its ARN; on one machine it becomes a call of the stage or a child process.
 */

export type Runtime = 'lambda' | 'batch cpu' | 'batch gpu';

export interface StageBinding {
  /** Name in lib/stages/registry.ts. */
  stage: string;
  runs: Runtime;
}

export const STAGE_BINDINGS = {
  CatalogFunctionArn: { stage: 'catalog', runs: 'lambda' },
  OrganizeFunctionArn: { stage: 'organize', runs: 'lambda' },
  PlanFunctionArn: { stage: 'plan', runs: 'lambda' },
  SegmentationJobDefinitionArn: { stage: 'segmentation', runs: 'batch gpu' },
  CustomModelsJobDefinitionArn: { stage: 'custom_models', runs: 'batch gpu' },
  StructuresJobDefinitionArn: { stage: 'structures', runs: 'batch cpu' },
  DvhJobDefinitionArn: { stage: 'dvh', runs: 'batch cpu' },
  RadiomicsJobDefinitionArn: { stage: 'radiomics', runs: 'batch cpu' },
  QcJobDefinitionArn: { stage: 'qc', runs: 'batch cpu' },
  RobustnessJobDefinitionArn: { stage: 'robustness', runs: 'batch cpu' },
  AggregateJobDefinitionArn: { stage: 'aggregate', runs: 'batch cpu' },
  ReportFunctionArn: { stage: 'report', runs: 'lambda' },
} as const satisfies Record<string, StageBinding>;

export interface QueueBinding {
  /** `long cpu`: whole hosts for hours; `large gpu` has 48 GB of graphics memory, `gpu` 24. */
  hosts: 'cpu' | 'long cpu' | 'gpu' | 'large gpu';
  /** `both`: spot first, on demand where there is none. */
  market: 'spot' | 'on demand' | 'both';
}

export const QUEUE_BINDINGS = {
  AnalysisSpotQueueArn: { hosts: 'cpu', market: 'spot' },
  AnalysisOnDemandQueueArn: { hosts: 'cpu', market: 'on demand' },
  LongAnalysisQueueArn: { hosts: 'long cpu', market: 'both' },
  SegmentationSpotQueueArn: { hosts: 'gpu', market: 'spot' },
  SegmentationOnDemandQueueArn: { hosts: 'gpu', market: 'on demand' },
  SegmentationLargeQueueArn: { hosts: 'large gpu', market: 'both' },
} as const satisfies Record<string, QueueBinding>;

/** The state machine that every Batch stage goes through, and where a finished run is told. */
export const SERVICE_BINDINGS = {
  StageJobStateMachineArn: 'stage-job.asl.json',
  NotificationTopicArn: 'topic',
} as const;

/** Numbers, as text: they stand inside expressions. */
export const SETTING_BINDINGS = {
  /** Objects of an upload that one function catalogs; a larger upload goes to many. */
  CatalogObjects: '20000',
  /** Courses under way at once: here bounded by the budget's queue. */
  CourseConcurrency: '40',
  /** Jobs are submitted at any second of so many: 1 means at once, as here nothing throttles. */
  SubmitSpreadSeconds: '1',
  /** A course whose stages fail ends normally; this counts courses that could not even be planned. */
  ToleratedFailurePercentage: '100',
} as const;

/** Stages whose jobs run on hosts of EC2, the others on Fargate: they take cards, or hours. */
export const HOST_STAGES: readonly string[] = ['segmentation', 'custom_models', 'robustness'];

/** Image and entry point by runtime: containers/<name>/main.ts. */
export const CONTAINERS: Record<Exclude<Runtime, 'lambda'>, 'analysis' | 'segmentation'> = {
  'batch cpu': 'analysis',
  'batch gpu': 'segmentation',
};

/** DVH, radiomics and QC. */
const JOBS_OF_A_COURSE_AT_ONCE = 3;
/** AWS Batch takes 50 SubmitJob calls a second from an account; chance and a second run leave this much room. */
const SUBMITS_PER_SECOND = 20;

/** What `SubmitSpreadSeconds` must be on AWS for so many courses, were they all to submit at the same moment. */
export function submitSpreadSeconds(courseConcurrency: number): number {
  return Math.ceil((courseConcurrency * JOBS_OF_A_COURSE_AT_ONCE) / SUBMITS_PER_SECOND);
}
