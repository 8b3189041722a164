import type { Finding } from '../finding.ts';
import type { ProgramRecord } from './model-run.ts';

/** What a model made of an image: stands beside the label map and in the list of the stage. */
export interface SegmentationRecord {
  model: string;
  /** `totalsegmentator` or `custom:<model>`. */
  source: string;
  /** Number of the image in the course. */
  imageNumber: number;
  seriesInstanceUid: string;
  /** `skipped`: by a rule, before anything ran. */
  status: 'ok' | 'failed' | 'skipped';
  reason: string;
  /** What the result follows from: model, options, version of the program, instances of the image. */
  signature: string;
  /** All that the model can find; `voxels` 0 for what it did not. */
  labels: LabelCount[];
  programs: ProgramRecord[];
  findings: Finding[];
  /** Key of the label map, .nii.gz, voxel for voxel on the image. */
  key?: string;
  bytes?: number;
}

export interface LabelCount {
  value: number;
  name: string;
  voxels: number;
}
