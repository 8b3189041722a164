/** What became of a region: every one is a row. */
export type RoiStatus = 'ok' | 'empty' | 'too_small' | 'skipped_by_rule' | 'failed';

/** Why no features could be computed: the row's status and a sentence for a person. */
export interface Refusal {
  status: Exclude<RoiStatus, 'ok'>;
  reason: string;
}

export function refusal(status: Refusal['status'], reason: string): Refusal {
  return { status, reason };
}
