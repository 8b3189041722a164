import type { Finding } from '../findings.ts';
import type { ProgramRecord } from './model-run.ts';

/** The result of a model on an image, written beside the label map and in the list of the stage. */
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
  /** Label maps, voxel for voxel on the image; several when structures may overlap. */
  parts: LabelMapRecord[];
  /** Structures that were asked for and that the program does not know. */
  missing: string[];
  programs: ProgramRecord[];
  findings: Finding[];
}

export interface LabelMapRecord {
  /** Of the .nii.gz. */
  key: string;
  bytes: number;
  sha256: string;
  /** All that the model can find; `voxels` 0 for what it did not. */
  labels: LabelCount[];
}

export interface LabelCount {
  value: number;
  name: string;
  voxels: number;
}
