import type { FindingKind } from './kind.ts';

export const TABLES = {
  ROWS_LEFT_OUT: {
    severity: 'error',
    meaning: 'Some rows of a result table have values that their columns do not allow: these rows are left out.',
    remedy: 'This is a defect of rtpipeline: report it with the message. The rows are missing until it is fixed.',
  },
  COURSE_DAMAGED: {
    severity: 'error',
    meaning: 'Stored results of a course are damaged: the course appears only in the table status.',
    remedy: 'Run again: rtpipeline computes it again. If this returns, check the disk.',
  },
  KEY_REPEATED: {
    severity: 'error',
    meaning: 'Several rows of a result table have the same key: a join would multiply them.',
    remedy: 'Look for an ROI number and name that a structure set lists twice. Correct them in the source system.',
  },
} as const satisfies Record<string, FindingKind>;
