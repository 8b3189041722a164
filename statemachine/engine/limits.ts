import { Failure } from './failure.ts';
import type { Json } from './json.ts';

/** Quotas of Step Functions Standard workflows that a run here must keep, so that it also runs there. */
export const LIMITS = {
  payloadBytes: 262_144,
  variablesBytes: 10 * 1024 * 1024,
  historyEvents: 25_000,
  definitionBytes: 1024 * 1024,
  nameLength: 80,
  inlineConcurrency: 40,
  distributedConcurrency: 10_000,
  causeLength: 32_768,
} as const;

/** The value itself, if its JSON text is small enough to travel between states. */
export function withinPayload<T extends Json>(value: T, what: string): T {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= LIMITS.payloadBytes) return value;
  throw new Failure(
    'States.DataLimitExceeded',
    `the ${what} has ${bytes} bytes; the service carries at most ${LIMITS.payloadBytes}`,
  );
}
