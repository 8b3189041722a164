import { type JobStageName, STAGES } from '#lib/stages/table.ts';

/** What of a course the duration of its jobs follows from. */
export interface CourseSize {
  /** Instances of all image series. */
  slices: number;
  rois: number;
}

interface Duration {
  /** Seconds that a job takes before it works: the host or image is there, the program starts. */
  start: number;
  perSlice: number;
  perRoi: number;
}

/**
 * Rules of thumb for an estimate, not for a schedule: CPU stages from runs of the sample cohort and of public CTs on a
 * core of 2026, with the pull of the image added; segmentation as TotalSegmentator's authors give it for a 24 GB GPU;
 * robustness as radiomics times 40 perturbations on eight cores.
 */
export const DURATIONS: Record<JobStageName, Duration> = {
  segmentation: { start: 240, perSlice: 0.6, perRoi: 0 },
  custom_models: { start: 240, perSlice: 0.4, perRoi: 0 },
  structures: { start: 90, perSlice: 0.15, perRoi: 1.5 },
  dvh: { start: 90, perSlice: 0.02, perRoi: 2 },
  radiomics: { start: 90, perSlice: 0.05, perRoi: 8 },
  qc: { start: 90, perSlice: 0.02, perRoi: 0.2 },
  robustness: { start: 120, perSlice: 0.05, perRoi: 60 },
  aggregate: { start: 120, perSlice: 0, perRoi: 0 },
};

/**
 * How many times longer networks take without a GPU: "40-50 minutes on the CPU" instead of "a few minutes",
 * https://github.com/lassoan/SlicerTotalSegmentator.
 */
const WITHOUT_CARD = 15;
export function secondsOf(stage: JobStageName, { slices, rois }: CourseSize, hasCard: boolean): number {
  const { start, perSlice, perRoi } = DURATIONS[stage];
  const slowness = STAGES[stage].runs === 'batch gpu' && !hasCard ? WITHOUT_CARD : 1;
  return start + slowness * perSlice * slices + perRoi * rois;
}
