import type { Finding } from '../findings.ts';
import type { Volume } from '../image/grid.ts';

/** DoseSummationType, PS3.3 C.8.8.3, and PLAN_SUM, which some systems write for MULTI_PLAN. */
export type SummationType =
  | 'PLAN'
  | 'MULTI_PLAN'
  | 'PLAN_SUM'
  | 'PLAN_OVERVIEW'
  | 'FRACTION'
  | 'BEAM'
  | 'BRACHY'
  | 'FRACTION_SESSION'
  | 'BEAM_SESSION'
  | 'BRACHY_SESSION'
  | 'CONTROL_POINT'
  | 'RECORD';

/** An RTDOSE instance: absorbed dose in Gy on a grid whose slices ascend. */
export interface Dose {
  sopInstanceUid: string;
  studyInstanceUid: string;
  frameOfReferenceUid: string;
  summationType: SummationType;
  /** PHYSICAL, EFFECTIVE or ERROR. */
  doseType: string;
  /** DoseUnits as written: GY, CGY or RELATIVE. `volume` is in Gy unless `relative`. */
  units: string;
  /** True when no factor to Gy is known: then no absolute metric may be computed. */
  relative: boolean;
  planUids: string[];
  structureSetUids: string[];
  volume: Volume<Float64Array>;
  findings: Finding[];
}
