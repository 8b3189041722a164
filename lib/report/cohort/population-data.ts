/** Bands of DVHs over the cohort. */
export interface PopulationData {
  /** Points of the axes: Gy, and % of the prescription. */
  doseGy: number[];
  dosePct: number[];
  /** What courses can be compared by: `technique`. */
  groupings: string[];
  structures: PopulationStructure[];
}

export interface PopulationStructure {
  name: string;
  source: string;
  all: Bands;
  /** For each grouping by its place in `groupings`: the groups of most courses. */
  groups: { value: string; bands: Bands }[][];
}

export interface Bands {
  courses: number;
  /** Courses with a prescription: those that the relative bands are of. */
  prescribed: number;
  /** 10th, 25th, 50th, 75th and 90th percentile of the volume in % at each dose. */
  absolute: number[][];
  /** [] where too few courses have a prescription. */
  relative: number[][];
}

export const PERCENTILES = [10, 25, 50, 75, 90];
