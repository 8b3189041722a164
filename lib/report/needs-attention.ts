import type { Severity } from '../finding-register.ts';
import { ownKeys } from '../own-keys.ts';
import type { Row } from '../tables/table.ts';
import { type CourseView, groupBy } from './courses.ts';
import { doseRuleText } from './dose-rule.ts';
import { findingTitle } from './finding-title.ts';
import { formatCell } from './format.ts';

/** One kind of thing that a person must look at in a course. */
export interface Attention {
  /** The same for the same kind in every course. */
  key: string;
  severity: Severity;
  title: string;
  /** Of a finding, as it stands in the tables; else ''. */
  code: string;
  /** What can be done about it; '' where the title says it. */
  remedy: string;
  /** A sentence for each case in this course. */
  notes: string[];
}

/** How the planning image was found, where a person must check it. */
const IMAGE_STATUSES: Record<string, [Severity, title: string, note: string]> = ownKeys({
  stand_in: [
    'warning',
    'another image stands in',
    'The image that the structures name is absent: another of its frame of reference stands in.',
  ],
  fallback_largest: ['warning', 'the largest', 'Nothing names an image: the largest is taken.'],
  split: ['error', 'several', 'The structures name images of several volumes.'],
  unresolved_reference: ['error', 'absent', 'The image that the structures name is absent, and no other may stand in.'],
  none: ['error', 'none', 'The course has no image.'],
});

/** Structures and DVH rows without a result: those skipped by a rule, and the others. */
const STATUSES: Record<string, Severity> = ownKeys({
  failed: 'error',
  outside_dose: 'warning',
  skipped_by_rule: 'info',
});

/** What a person must look at in a course, the gravest first: goals, dose, images, structures, stages, QC and findings. */
export function attentionOf(course: CourseView): Attention[] {
  const kinds = [
    ...stages(course),
    ...failedGoals(course),
    ...uncertainDose(course),
    ...imageFoundByRule(course),
    ...withoutResult(course),
    ...failedQc(course),
    ...findings(course),
  ];
  const order: Severity[] = ['error', 'warning', 'info'];
  return kinds.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function stages(course: CourseView): Attention[] {
  const of = (status: string) => course.rows('status').filter((row) => row.status === status);
  const notes = (rows: Row[]) => rows.map(({ stage, reason }) => `${stage}: ${reason}`);
  return [
    ...some('stage_failed', 'error', 'Stages that failed', notes(of('failed'))),
    ...some('stage_partial', 'warning', 'Stages with missing results', notes(of('partial'))),
    ...some('stage_skipped', 'info', 'Skipped stages', notes(of('skipped'))),
  ];
}

function failedGoals(course: CourseView): Attention[] {
  const notes = (result: string) =>
    course
      .rows('goals')
      .filter((row) => row.result === result)
      .map(
        ({ goal, roi_name, source, value, unit }) =>
          `${goal}: ${roi_name} (${source}) has ${formatCell(value, String(unit ?? ''))} ${unit ?? ''}`,
      );
  return some('goal_failed', 'error', 'Clinical goals that fail', notes('fail'));
}

function uncertainDose(course: CourseView): Attention[] {
  const [first] = course.rows('doses');
  const confidence = course.metadata.dose_confidence ?? first?.confidence;
  const rule = doseRuleText(course.metadata.dose_rule ?? first?.rule);
  if (!first || !['none', 'low', 'medium'].includes(String(confidence))) return [];
  const severity = confidence === 'none' ? 'error' : 'warning';
  return some(`dose_${confidence}`, severity, `Dose of the course: confidence ${confidence}`, [rule]);
}

function imageFoundByRule({ metadata }: CourseView): Attention[] {
  const status = String(metadata.planning_status ?? '');
  if (!(status in IMAGE_STATUSES)) return [];
  const [severity, title, note] = IMAGE_STATUSES[status];
  return some(`image_${status}`, severity, `Planning image: ${title}`, [note]);
}

function withoutResult(course: CourseView): Attention[] {
  const of = (table: string, title: string) => {
    const rows = course.rows(table).filter(({ status }) => status && status !== 'ok');
    return [...groupBy(rows, (row) => String(row.status))].map(([status, group]) => {
      const notes = group.map(
        ({ roi_name, source, reason }) => `${roi_name} (${source})${reason ? `: ${reason}` : ''}`,
      );
      return attention(
        `${table}_${status}`,
        STATUSES[status] ?? 'warning',
        `${title}: ${status.replaceAll('_', ' ')}`,
        notes,
      );
    });
  };
  const masks = of('structures', 'Structures without a mask');
  return [...masks, ...of('dvh_metrics', 'Structures without dose metrics')];
}

function failedQc(course: CourseView): Attention[] {
  const rows = course.rows('qc').filter(({ check, status }) => check !== 'overall' && status === 'FAIL');
  const notes = rows.map(({ check, roi_name, message }) =>
    [String(check).replaceAll('_', ' '), roi_name, message].filter(Boolean).join(': '),
  );
  return some('qc_fail', 'error', 'Quality control that fails', notes);
}

/** Findings of a course that may change a result, by code. */
function findings(course: CourseView): Attention[] {
  const grave = course.rows('findings').filter(({ severity }) => severity === 'error' || severity === 'warning');
  return [...groupBy(grave, (row) => String(row.code))].map(([code, rows]) => ({
    key: `finding_${code}`,
    severity: rows[0].severity as Severity,
    code,
    title: findingTitle(code),
    remedy: String(rows[0].remedy ?? ''),
    notes: rows.map(({ roi_name, message }) => [roi_name, message].filter(Boolean).join(': ')),
  }));
}

function some(key: string, severity: Severity, title: string, notes: string[]): Attention[] {
  return notes.length > 0 ? [attention(key, severity, title, notes)] : [];
}

function attention(key: string, severity: Severity, title: string, notes: string[]): Attention {
  return { key, severity, title, code: '', remedy: '', notes };
}
