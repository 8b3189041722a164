import { type Runtime, STAGE_NAMES, STAGES, type StageName } from '#lib/stages/table.ts';

/**
 * What stands behind the `${Placeholders}` of pipeline.asl.json and stage-job.asl.json. On AWS a row becomes a function
 * or job definition, its role and its ARN; on one machine it becomes a call of the stage or a child process.
 */

export interface StageBinding {
  stage: StageName;
  runs: Runtime;
}

const PLACEHOLDERS: Record<StageName, string> = {
  catalog: 'CatalogFunctionArn',
  organize: 'OrganizeFunctionArn',
  size_jobs: 'SizeJobsFunctionArn',
  segmentation: 'SegmentationJobDefinitionArn',
  custom_models: 'CustomModelsJobDefinitionArn',
  structures: 'StructuresJobDefinitionArn',
  dvh: 'DvhJobDefinitionArn',
  radiomics: 'RadiomicsJobDefinitionArn',
  qc: 'QcJobDefinitionArn',
  robustness: 'RobustnessJobDefinitionArn',
  aggregate: 'AggregateJobDefinitionArn',
  report: 'ReportFunctionArn',
};

/** What stands behind the placeholder of a function or job definition. */
export const STAGE_BINDINGS: Record<string, StageBinding> = Object.fromEntries(
  STAGE_NAMES.map((stage) => [PLACEHOLDERS[stage], { stage, runs: STAGES[stage].runs }]),
);

export interface QueueBinding {
  /** `long cpu`: whole hosts for hours; `large gpu` has 48 GB of graphics memory, `gpu` 24. */
  hosts: 'cpu' | 'long cpu' | 'gpu' | 'large gpu';
  /** `both`: spot first, and on demand without spot capacity. */
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

/** Functions that are no stages, behind their placeholders. They exist only on AWS, where a setting calls for them. */
export const FUNCTION_BINDINGS = {
  EstimateFunctionArn: 'estimate',
} as const;

/** The state machine that runs every Batch stage, and the topic for finished runs. */
export const SERVICE_BINDINGS = {
  StageJobStateMachineArn: 'stage-job.asl.json',
  NotificationTopicArn: 'topic',
} as const;

/** Numbers, as text: they stand inside expressions. */
export const SETTING_BINDINGS = {
  /** Objects of an upload that one function catalogs; a larger upload goes to many. */
  CatalogObjects: '20000',
  CatalogConcurrency: '8',
  /** Courses of one run: more end it before any job begins. 0: no limit. */
  MostCourses: '0',
  /** US dollars that a run may cost by its estimate: more end it before any job begins. 0: no limit. */
  MostDollars: '0',
  /** Courses under way at once: here bounded by the budget's queue. */
  CourseConcurrency: '40',
  /** Jobs are submitted at any second of so many: 1 means at once, as here nothing throttles. */
  SubmitSpreadSeconds: '1',
  /** A course whose stages fail ends normally; this counts courses that could not even get jobs. */
  ToleratedFailurePercentage: '100',
} as const;

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
