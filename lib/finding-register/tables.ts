import type { FindingKind } from './kind.ts';

export const TABLES = {
  ROWS_LEFT_OUT: {
    severity: 'error',
    meaning: 'Rows of a result table hold what their columns cannot hold, and are left out; the other rows stand.',
    remedy: 'This is a defect of the product: report it with the message. The rows are missing until it is mended.',
  },
  COURSE_DAMAGED: {
    severity: 'error',
    meaning: 'What is kept of a course is damaged: it is in no table but status.',
    remedy: 'Run again: it is made again. If it comes back, look at the disk.',
  },
  KEY_REPEATED: {
    severity: 'error',
    meaning: 'Rows of a result table share the key that should tell them apart: a join would multiply them.',
    remedy: 'Look for a ROI number and name that a structure set lists twice; mend them in the source system.',
  },
} as const satisfies Record<string, FindingKind>;
