import { type JobStageName, STAGES } from '#lib/stages/table.ts';

/** What of a course the duration of its jobs follows from. */
export interface CourseSize {
  /** Instances of all image series. */
  slices: number;
  rois: number;
}

interface Duration {
  /** Seconds from the start of the program until it works: modules, weights of a network. */
  start: number;
  perSlice: number;
  perRoi: number;
}

/**
 * Rules of thumb for an estimate, not for a schedule. CPU stages come from runs of the sample cohort and of public CTs on a
 * core of 2026; segmentation from what TotalSegmentator's authors give for a 24 GB GPU; robustness is radiomics times 40
 * perturbations on eight cores. Boot of hosts and pull of images stand in simulation/capacity.ts.
 */
export const DURATIONS: Record<JobStageName, Duration> = {
  segmentation: { start: 30, perSlice: 0.6, perRoi: 0 },
  custom_models: { start: 10, perSlice: 0.4, perRoi: 0 },
  structures: { start: 5, perSlice: 0.15, perRoi: 1.5 },
  dvh: { start: 5, perSlice: 0.02, perRoi: 2 },
  radiomics: { start: 5, perSlice: 0.05, perRoi: 8 },
  qc: { start: 5, perSlice: 0.02, perRoi: 0.2 },
  robustness: { start: 5, perSlice: 0.05, perRoi: 60 },
  aggregate: { start: 20, perSlice: 0, perRoi: 0 },
};

/** How far off these rules may be, either way: images differ in size, hosts in age, and networks in number. */
export const SPREAD = { low: 0.5, likely: 1, high: 2 } as const;
export type Case = keyof typeof SPREAD;

/**
 * How many times longer networks take without a GPU: "40-50 minutes on the CPU" instead of "a few minutes",
 * https://github.com/lassoan/SlicerTotalSegmentator.
 */
const WITHOUT_CARD = 15;

/** Seconds that a job works from the start of its program. */
export function secondsOf(stage: JobStageName, { slices, rois }: CourseSize, hasCard: boolean): number {
  const { start, perSlice, perRoi } = DURATIONS[stage];
  const slowness = STAGES[stage].runs === 'batch gpu' && !hasCard ? WITHOUT_CARD : 1;
  return start + slowness * perSlice * slices + perRoi * rois;
}

/**
 * Seconds of the functions: a function reads some 500 headers a second from S3; rows and reports as docs/trust.md and runs of 50
 * courses measured them on one core.
 */
export const FUNCTION_SECONDS = {
  start: 2,
  perHeader: 1 / 500,
  perRow: 1 / 17_000,
  sizeJobs: 2,
  perCourseReport: 0.04,
};
