import type { FindingKind } from './kind.ts';

export const RUN = {
  ROI_NOT_COMPUTED: {
    severity: 'error',
    meaning: 'A structure has no result because its computation ran out of time or memory, or failed.',
    remedy:
      'Read the reason in the message, raise the limit that it names, and run again: the stage is computed again.',
  },
  OUTPUT_DAMAGED: {
    severity: 'warning',
    meaning: 'A file that an earlier run wrote is no longer what it wrote: the stage was computed again.',
    remedy: 'Check the disk, and who writes into the folder of the results.',
  },
} as const satisfies Record<string, FindingKind>;
