import { BadConfig } from '../../errors.ts';
import { roiMatches } from '../../rt/roi-pattern.ts';
import type { RoiStatus } from '../../rt/roi-status.ts';
import { DOSE_UID, NO_ROI, ROI_COLUMNS, ROI_KEY, type RoiIdentity, roiCells } from '../../rt/row-identity.ts';
import { type Column, column, type Row } from '../../tables/table.ts';
import { GY_PER_CGY } from '../../units.ts';
import { type Metric, parseMetric } from './metric-name.ts';

export type Comparison = '<' | '<=' | '>' | '>=';

/** A clinical goal: a metric of the ROIs that match a pattern by one of their names, and its limit. */
export interface Goal {
  /** As written. */
  text: string;
  roi: string;
  metric: Metric;
  comparison: Comparison;
  limit: number;
  /** A weaker limit that is still acceptable. */
  acceptable?: number;
  unit: string;
}

/** A measured ROI as goals see it. */
export interface GoalSubject {
  roi: RoiIdentity;
  /** `ok`, or why there is no value. */
  status: RoiStatus;
  /** True when cropping took a part of it away. */
  cropped: boolean;
  value(metric: Metric): number;
}

/**
 * The content of a goals file, already parsed: a list, or a map with the list under `goals`. An entry is one line,
 * "Rectum V70Gy < 20 %", with an acceptable limit in brackets if there is one, "Lungs V20Gy <= 30 % (35)"; or a map of
 * `roi` and `goal`, "V70Gy < 20 %", for names that end like a metric.
 * @throws BadConfig
 */
export function parseGoals(content: unknown): Goal[] {
  const list = Array.isArray(content) ? content : (content as { goals?: unknown } | null)?.goals;
  if (!Array.isArray(list)) throw new BadConfig('the goals file must contain a list of goals');
  const goals = list.map((entry) => {
    if (typeof entry === 'string') return parseGoal(entry);
    if (typeof entry?.roi === 'string' && typeof entry?.goal === 'string')
      return parseGoal(`${entry.roi} ${entry.goal}`);
    throw new BadConfig(`a goal must be a line, or a map with roi and goal, not ${JSON.stringify(entry)}`);
  });
  const twice = goals.find(({ text }, n) => goals.findIndex((other) => other.text === text) !== n);
  if (twice) throw new BadConfig(`the goal "${twice.text}" is listed twice: remove one of the two lines`);
  return goals;
}

const COMPARISON = /<=|>=|≤|≥|<|>/g;
const LIMITS =
  /^(?<limit>-?[\d.]+)\s*(?:(?<unit>%|c?Gy|cc|cm3|cm³)\s*)?(?:\(\s*(?<acceptable>-?[\d.]+)\s*(?:(?:%|c?Gy|cc|cm3|cm³)\s*)?\))?$/i;

interface GoalParts {
  roi: string;
  metric: string;
  comparison: string;
  limit: string;
  unit?: string;
  acceptable?: string;
}

/** What stands before the last comparison ends with the metric, the name of the ROI may hold anything. */
function partsOf(text: string): GoalParts | undefined {
  const comparison = [...text.matchAll(COMPARISON)].at(-1);
  if (!comparison) return undefined;
  const before = text.slice(0, comparison.index).trim();
  const metric = before.split(/\s+/).at(-1) as string;
  const roi = before.slice(0, before.length - metric.length).trim();
  const limits = LIMITS.exec(text.slice(comparison.index + comparison[0].length).trim())?.groups;
  if (roi === '' || metric === '' || !limits) return undefined;
  const { limit, unit, acceptable } = limits;
  return { roi, metric, comparison: comparison[0], limit, unit, acceptable };
}

function parseGoal(text: string): Goal {
  const parts = partsOf(text.trim());
  if (!parts) throw new BadConfig(`cannot read the goal "${text}"; write it like "Rectum V70Gy < 20 %"`);
  const written = parts.unit?.toLowerCase() ?? '';
  const unit = written.endsWith('gy') ? 'Gy' : written.startsWith('c') ? 'cc' : written;
  const scale = written === 'cgy' ? GY_PER_CGY : 1;
  const metric = parseMetric(unit === '' || /\[/.test(parts.metric) ? parts.metric : `${parts.metric}[${unit}]`);
  const acceptable = parts.acceptable === undefined ? undefined : Number(parts.acceptable) * scale;
  return {
    text: text.trim(),
    roi: parts.roi,
    metric,
    comparison: parts.comparison.replace('≤', '<=').replace('≥', '>=') as Comparison,
    limit: Number(parts.limit) * scale,
    acceptable,
    unit: /\[([^[\]]*)\]$/.exec(metric.name)?.[1] ?? '',
  };
}

export const GOAL_COLUMNS: Column[] = [
  ...ROI_COLUMNS,
  DOSE_UID,
  column('cropped', 'boolean', 'true if the value describes only the part inside the cropped region'),
  column('goal', 'string', 'the goal as written'),
  column('metric', 'string', 'metric of the goal', '', 'AAPM TG-263'),
  column('comparison', 'string', '<, <=, > or >='),
  column('limit', 'double', 'limit of the goal, in the unit of the metric'),
  column('acceptable', 'double', 'weaker limit that is still acceptable'),
  column('value', 'double', 'value that the plan reaches'),
  column('unit', 'string', 'unit of limit and value'),
  column('result', 'string', 'pass, acceptable, fail, or not_evaluable'),
  column('reason', 'string', 'reason why the goal was not evaluable'),
];

export const GOALS_KEY = [...ROI_KEY, DOSE_UID.name, 'goal'];

/** One row per goal and matching ROI on a dose; a goal that no ROI matches has a row all the same. */
export function goalRows(goals: Goal[], subjects: GoalSubject[], doseUid: string): Row[] {
  return goals.flatMap((goal) => {
    const matching = subjects.filter(({ roi }) =>
      roiMatches({ name: roi.roiName, standardName: roi.standardName }, goal.roi),
    );
    const rows = matching.length > 0 ? matching.map((subject) => goalRow(goal, subject)) : [goalRow(goal)];
    return rows.map((row) => ({ ...row, [DOSE_UID.name]: doseUid }));
  });
}

function goalRow(goal: Goal, subject?: GoalSubject): Row {
  const value = subject?.status === 'ok' ? subject.value(goal.metric) : Number.NaN;
  const undefinedReason = 'the metric is not defined for this ROI';
  const missing = subject ? (subject.status === 'ok' ? undefinedReason : subject.status) : 'no ROI matches';
  return {
    ...(subject ? roiCells(subject.roi) : NO_ROI),
    cropped: subject?.cropped ?? null,
    goal: goal.text,
    metric: goal.metric.name,
    comparison: goal.comparison,
    limit: goal.limit,
    acceptable: goal.acceptable ?? null,
    value: Number.isNaN(value) ? null : value,
    unit: goal.unit,
    result: judge(goal, value),
    reason: Number.isNaN(value) ? missing : '',
  };
}

function judge({ comparison, limit, acceptable }: Goal, value: number): string {
  if (Number.isNaN(value)) return 'not_evaluable';
  if (HOLDS[comparison](value, limit)) return 'pass';
  return acceptable !== undefined && HOLDS[comparison](value, acceptable) ? 'acceptable' : 'fail';
}

const HOLDS: Record<Comparison, (value: number, limit: number) => boolean> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};
