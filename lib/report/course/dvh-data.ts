/** What the chart of a course is drawn from. A curve is of one structure of one set on one dose; none is joined with another. */
export interface DvhData {
  curves: DvhCurve[];
  /** Doses that curves are on, by UID: how a reader knows them. */
  doses: Record<string, string>;
}

export interface DvhCurve {
  /** Number of the structure on the page: its colour, and its outlines in the pictures. */
  structure: number;
  /** Name with what tells it from others of the course. */
  label: string;
  doseUid: string;
  /** How the line is broken: 0 whole, then dashes and dots. With the colour it tells curves apart. */
  dash: number;
  /** Ascending. */
  doseGy: number[];
  /** Of the volume that got at least this dose. */
  volumePct: number[];
  /** 100 %. */
  volumeCc: number;
  prescriptionGy: number | null;
  /** Drawn at first. */
  isShown: boolean;
  goals: DvhGoal[];
  /** How far a dose may be off numerically, at some volumes, these descending. */
  spread: { volumePct: number; uncertaintyGy: number }[];
}

/** A goal that is a point of the chart. */
export interface DvhGoal {
  text: string;
  result: string;
  doseGy: number;
  volumePct: number;
}
