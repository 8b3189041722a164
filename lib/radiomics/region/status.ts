import type { RegionStatus } from '../../rt/roi-status.ts';

/** Why no features could be computed: the row's status and a sentence for a person. */
export interface Refusal {
  status: Exclude<RegionStatus, 'ok'>;
  reason: string;
}

export function refusal(status: Refusal['status'], reason: string): Refusal {
  return { status, reason };
}
