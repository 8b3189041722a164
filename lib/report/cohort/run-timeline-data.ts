/** How many jobs of each stage were at work at the same time. */
export interface RunTimeline {
  /** When the first began, `yyyy-mm-ddThh:mm:ss`, UTC. */
  start: string;
  binSeconds: number;
  /** The mean number of jobs in each interval. */
  stages: { stage: string; jobs: number[] }[];
}
