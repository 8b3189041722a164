import type { FindingKind } from './kind.ts';

export const RUN = {
  ROI_NOT_COMPUTED: {
    severity: 'error',
    meaning: 'A structure has no result because its computation ran out of time or memory, or failed.',
    remedy:
      'The message gives the reason. Raise the limit that it names and run again: rtpipeline computes the stage again.',
  },
  OUTPUT_DAMAGED: {
    severity: 'warning',
    meaning: 'A file of an earlier run has changed since: the stage was computed again.',
    remedy: 'Check the disk, and check who else writes into the output folder.',
  },
} as const satisfies Record<string, FindingKind>;
