import type { Finding } from '../findings.ts';
import type { Volume } from '../image/grid.ts';
import type { Log } from '../log.ts';
import type { LabelMap } from './label-map.ts';

/** An image that a model is given, on even slices. */
export interface ModelInput {
  volume: Volume;
  /** Series Instance UID, for findings. */
  where: string;
  /** CPUs of this job. */
  cores: number;
  signal: AbortSignal;
  log: Log;
}

/** What a model found, and how. */
export interface ModelResult {
  /** Several when structures may overlap; each name once. */
  labelMaps: LabelMap[];
  /** Names that were asked for and that the program does not know. */
  missing: string[];
  findings: Finding[];
  /** The programs that ran, in order. */
  programs: ProgramRecord[];
}

/** How a program was run: goes into the record beside the label map. */
export interface ProgramRecord {
  name: string;
  version: string;
  /** What it was asked for; no paths, no licence. */
  options: Record<string, unknown>;
  seconds: number;
  status: 'ok' | 'gpu_out_of_memory';
}

/** Runs one model on one image. @throws PipelineError when there is no usable result */
export type RunModel = (input: ModelInput) => Promise<ModelResult>;
