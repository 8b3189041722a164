import type { Json, JsonObject } from './json.ts';

/** What a Task may call, by the tail of its ARN `arn:aws:states:::<name>`; the bindings bring the functions. */
export const RESOURCES = [
  'lambda:invoke',
  'batch:submitJob.sync',
  'states:startExecution.sync:2',
  'sns:publish',
  'events:putEvents',
  'aws-sdk:s3:putObject',
] as const;

/** What the readers and writers of a distributed Map call. */
export const MAP_RESOURCES = ['s3:getObject', 's3:putObject'] as const;

export type ResourceName = (typeof RESOURCES)[number] | (typeof MAP_RESOURCES)[number];

const PREFIX = 'arn:aws:states:::';

/** `arn:aws:states:::lambda:invoke` -> `lambda:invoke` */
export function resourceName(arn: string): ResourceName | undefined {
  const name = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : '';
  return [...RESOURCES, ...MAP_RESOURCES].find((known) => known === name);
}

/** The call that an integration serves. */
export interface Call {
  /** Aborts on a timeout of the state, on a failed sibling and when the run is stopped: end the work behind it. */
  signal: AbortSignal;
  /** Path of the execution, state and number of the event that scheduled the call: together unique in a run. */
  execution: string;
  state: string;
  eventId: number;
  /** A `.sync` integration says that the work was taken on. */
  submitted(output: Json): void;
}

/**
 * Arguments and answer have the shape of the service's API in PascalCase.
 * @throws Failure with the error name that the service integration would report
 */
export type Integration = (args: JsonObject, call: Call) => Promise<Json>;

export type Integrations = Partial<Record<ResourceName, Integration>>;
