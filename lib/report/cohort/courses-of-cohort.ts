import type { Severity } from '../../finding-register.ts';
import { ownKeys } from '../../own-keys.ts';
import type { Row } from '../../tables/table.ts';
import { type CourseView, groupBy } from '../courses.ts';
import { doseRuleText } from '../dose-rule.ts';
import { formatDay } from '../format.ts';
import type { ReportInput } from '../input.ts';
import { attentionOf } from '../needs-attention.ts';
import type { AttentionGroup, CourseEntry, CoursesData } from './courses-data.ts';
import { structureName } from './shared-structures.ts';

/** Structures that the matrix has a column for: those of most courses. */
const MOST_STRUCTURES = 60;
const STAGE_LETTERS: Record<string, string> = ownKeys({ ok: 'o', failed: 'f', partial: 'p', skipped: 's' });
/** The worst first. */
const GOAL_LETTERS: [result: string, letter: string][] = [
  ['fail', 'f'],
  ['acceptable', 'a'],
  ['pass', 'p'],
  ['not_evaluable', 'n'],
];

/** Every course and all that needs attention, as data: the script of the page draws the tables. */
export function coursesData(courses: CourseView[], outliers: AttentionGroup[]): CoursesData {
  const stages = distinct(courses, 'status', ({ stage }) => String(stage));
  const structures = frequentStructures(courses);
  const goals = distinct(courses, 'goals', ({ goal }) => String(goal));
  return {
    courses: courses.map((course) => entryOf(course, stages, structures, goals)),
    stages,
    structures,
    goals,
    attention: bySeverity([...attentionGroups(courses), ...outliers]),
  };
}

function entryOf(course: CourseView, stages: string[], structures: string[], goals: string[]): CourseEntry {
  const { metadata: m, id, patientId, name, state } = course;
  const rois = course.rows('structures');
  const statusOf = new Map(course.rows('status').map((row) => [String(row.stage), String(row.status)]));
  const named = groupBy(rois, structureName);
  const results = groupBy(course.rows('goals'), ({ goal }) => String(goal));
  return {
    ...{ id, name, state, patient: patientId },
    start: formatDay(m.course_start_date),
    plan: String(m.plan_label ?? m.plan_name ?? ''),
    technique: String(m.technique_inferred ?? ''),
    prescriptionGy: numberOrNull(m.total_prescription_gy),
    fractions: numberOrNull(m.fractions_count),
    planned: numberOrNull(m.planned_fractions),
    rule: doseRuleText(m.dose_rule),
    confidence: String(m.dose_confidence ?? course.rows('doses')[0]?.confidence ?? ''),
    structuresOk: rois.filter(({ status }) => status === 'ok').length,
    structuresAll: rois.length,
    goalsFailed: course.rows('goals').filter(({ result }) => result === 'fail').length,
    qc: String(course.rows('qc').find(({ check }) => check === 'overall')?.status ?? ''),
    stageLetters: stages.map((stage) => STAGE_LETTERS[statusOf.get(stage) ?? ''] ?? '-').join(''),
    structureLetters: structures.map((structure) => structureLetter(named.get(structure) ?? [])).join(''),
    goalLetters: goals.map((goal) => goalLetter(results.get(goal) ?? [])).join(''),
  };
}

function structureLetter(rows: Row[]): string {
  if (rows.length === 0) return '-';
  return rows.some(({ status }) => status === 'ok') ? 'o' : 'x';
}

function goalLetter(rows: Row[]): string {
  return GOAL_LETTERS.find(([result]) => rows.some((row) => row.result === result))?.[1] ?? '-';
}

/** Of all courses, each kind once. What errors are is said here, what else there is on the page of the course. */
function attentionGroups(courses: CourseView[]): AttentionGroup[] {
  const groups = new Map<string, AttentionGroup>();
  courses.forEach((course, n) => {
    for (const { key, severity, title, code, remedy, notes } of attentionOf(course)) {
      const group = groups.get(key) ?? { severity, title, code, remedy, entries: [] };
      group.entries.push(severity === 'error' ? [n, notes.length, notes] : [n, notes.length]);
      groups.set(key, group);
    }
  });
  return [...groups.values()];
}

function bySeverity(groups: AttentionGroup[]): AttentionGroup[] {
  const order: Severity[] = ['error', 'warning', 'info'];
  const rank = ({ severity }: AttentionGroup) => order.indexOf(severity as Severity);
  return groups.toSorted((a, b) => rank(a) - rank(b) || b.entries.length - a.entries.length);
}

function frequentStructures(courses: CourseView[]): string[] {
  const counts = new Map<string, number>();
  for (const course of courses)
    for (const name of new Set(course.rows('structures').map(structureName)))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_STRUCTURES)
    .map(([name]) => name);
}

function distinct(courses: CourseView[], table: string, of: (row: Row) => string): string[] {
  return [...new Set(courses.flatMap((course) => course.rows(table).map(of)))];
}

function numberOrNull(cell: Row[string] | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** Rows of the cohort that belong to no course. */
export function findingsOfNoCourse(input: ReportInput): Row[] {
  const rows = input.tables.find(({ name }) => name === 'findings')?.rows ?? [];
  return rows.filter((row) => !row.course_id && (row.severity === 'error' || row.severity === 'warning'));
}
