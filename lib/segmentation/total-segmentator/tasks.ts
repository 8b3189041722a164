import type { Grid } from '../../image/grid.ts';
import { ownKeys } from '../../own-keys.ts';
import type { RegionNeed } from '../body-regions.ts';
import type { TotalSegmentatorSettings } from './command-line.ts';

/** Tasks for MR whose names do not end in `_mr`. */
const MR_TASKS = ['brain_aneurysm'];
/** Tasks that have a model for 3 mm. */
const FAST_TASKS = ['total', 'total_v3', 'total_mr', 'body', 'body_mr'];
/** Tasks that draw absent organs in images of other regions; the requirements come from RTpipeline 2. */
const NEEDED_REGIONS: Readonly<Record<string, RegionNeed>> = ownKeys({
  heartchambers_highres: { regions: ['THORAX'], least: 0.5 },
  coronary_arteries: { regions: ['THORAX'], least: 0.6 },
  head_neck_oar: { regions: ['HEAD_NECK'], least: 0.5 },
  head_glands_cavities: { regions: ['HEAD_NECK'], least: 0.5 },
});
/** Slices that neighbouring thirds of a split image share (TotalSegmentator's constant). */
const SPLIT_MARGIN = 20;
const RESOLUTION_MM = { normal: 1.5, fast: 3 };

/** What is run on an image of this modality; none for other modalities than CT and MR. */
export function tasksFor(modality: string, { extra_models }: Pick<TotalSegmentatorSettings, 'extra_models'>): string[] {
  if (modality === 'CT') return unique(['total', ...extra_models.filter((task) => !isMrTask(task))]);
  if (modality === 'MR') return unique(['total_mr', ...extra_models.filter(isMrTask)]);
  return [];
}

/** Whether the task is for MR; all others are for CT. */
export function isMrTask(task: string): boolean {
  return task.endsWith('_mr') || MR_TASKS.includes(task);
}

/** Whether the task has a model for 3 mm. */
export function hasFastModel(task: string): boolean {
  return FAST_TASKS.includes(task);
}

/** Whether the task takes `--roi_subset`. */
export function takesSubset(task: string): boolean {
  return task.startsWith('total');
}

/** What an image must show for a task to be run on it. */
export function regionNeedOf(task: string): RegionNeed | undefined {
  return NEEDED_REGIONS[task];
}

export interface Attempt {
  fast: boolean;
  forceSplit: boolean;
}

/** What to try when the memory of the GPU does not suffice: as configured, then split, then the 3 mm model. */
export function attemptsFor(task: string, grid: Grid, settings: TotalSegmentatorSettings): Attempt[] {
  const fast = settings.fast && FAST_TASKS.includes(task);
  const attempts = [
    { fast, forceSplit: settings.force_split },
    { fast, forceSplit: true },
  ];
  if (FAST_TASKS.includes(task)) attempts.push({ fast: true, forceSplit: true });
  const possible = attempts.map((attempt) => ({
    fast: attempt.fast,
    forceSplit: attempt.forceSplit && isLongEnough(task, grid, attempt.fast),
  }));
  return possible.filter((attempt, i) => possible.findIndex((other) => isSame(attempt, other)) === i);
}

/**
 * Splitting takes thirds of the resampled image and their margins without looking whether they are there: a short image
 * would come back wrong. Tasks with a resolution of their own keep at least the image's slices.
 */
function isLongEnough(task: string, { size, spacingMm }: Grid, fast: boolean): boolean {
  const resolutionMm = fast ? RESOLUTION_MM.fast : RESOLUTION_MM.normal;
  const slices = FAST_TASKS.includes(task) ? Math.floor((size[2] * spacingMm[2]) / resolutionMm) : size[2];
  return Math.floor(slices / 3) >= 2 * SPLIT_MARGIN;
}

function isSame(a: Attempt, b: Attempt): boolean {
  return a.fast === b.fast && a.forceSplit === b.forceSplit;
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
