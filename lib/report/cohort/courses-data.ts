/** What the tables of the cohort page are drawn from. */
export interface CoursesData {
  courses: CourseEntry[];
  /** Names of the stages, structures and goals that the letters of a course stand for. */
  stages: string[];
  structures: string[];
  goals: string[];
  /** What needs attention, the gravest first. */
  attention: AttentionGroup[];
}

export interface CourseEntry {
  id: string;
  patient: string;
  name: string;
  state: string;
  start: string;
  plan: string;
  technique: string;
  prescriptionGy: number | null;
  fractions: number | null;
  planned: number | null;
  rule: string;
  confidence: string;
  structuresOk: number;
  structuresAll: number;
  goalsFailed: number;
  qc: string;
  /** A letter for each stage: o ok, f failed, p partial, s skipped, - none. */
  stageLetters: string;
  /** A letter for each structure: o with a mask, x without a result, - absent. */
  structureLetters: string;
  /** A letter for each goal: f fails, a acceptable, p passes, n not evaluable, - none; the worst where there are several. */
  goalLetters: string;
}

export interface AttentionGroup {
  severity: string;
  title: string;
  /** Of a finding; else ''. */
  code: string;
  remedy: string;
  /** Place of the course in `courses`, how many cases it has, and what they are, where they are errors. */
  entries: [course: number, cases: number, notes?: string[]][];
}
