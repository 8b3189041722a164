export type CropRegion = 'pelvis' | 'thorax' | 'abdomen' | 'head_neck' | 'brain';

/** One way to find a boundary: an edge of the landmarks that are there, moved outward by the margin. */
export interface Rung {
  /** TotalSegmentator labels; the highest top or the lowest bottom of those that are there counts. */
  landmarks: string[];
  edge: 'top' | 'bottom';
  /** False where the boundary is the edge itself, whatever the margin. */
  withMargin: boolean;
}

export interface RegionRule {
  /** In order of preference. */
  superior: Rung[];
  inferior: Rung[];
  superiorMarginCm: number;
  inferiorMarginCm: number;
  /** Whether the end of the image may replace a missing landmark; otherwise nothing is cropped. */
  imageStandsIn: boolean;
}

const UPPER_LOBES = ['lung_upper_lobe_left', 'lung_upper_lobe_right'];
const LOWER_LOBES = ['lung_lower_lobe_left', 'lung_lower_lobe_right'];

/** The regions of RTpipeline 2: along the patient's long axis only, so that volumes of one region compare. */
export const REGIONS: Readonly<Record<CropRegion, RegionRule>> = {
  pelvis: {
    superior: [{ landmarks: ['vertebrae_L1'], edge: 'top', withMargin: false }],
    inferior: [{ landmarks: ['femur_left', 'femur_right'], edge: 'bottom', withMargin: true }],
    superiorMarginCm: 0,
    inferiorMarginCm: 10,
    imageStandsIn: true,
  },
  thorax: {
    superior: [
      { landmarks: ['vertebrae_C7'], edge: 'top', withMargin: true },
      { landmarks: UPPER_LOBES, edge: 'top', withMargin: true },
    ],
    inferior: [
      { landmarks: ['vertebrae_L1'], edge: 'bottom', withMargin: true },
      { landmarks: ['liver'], edge: 'top', withMargin: true },
      { landmarks: LOWER_LOBES, edge: 'bottom', withMargin: true },
    ],
    superiorMarginCm: 2,
    inferiorMarginCm: 2,
    imageStandsIn: false,
  },
  abdomen: {
    superior: [
      { landmarks: ['vertebrae_T12'], edge: 'top', withMargin: true },
      { landmarks: ['vertebrae_L1'], edge: 'top', withMargin: true },
      { landmarks: ['liver'], edge: 'top', withMargin: true },
    ],
    inferior: [{ landmarks: ['vertebrae_L5'], edge: 'bottom', withMargin: true }],
    superiorMarginCm: 2,
    inferiorMarginCm: 2,
    imageStandsIn: false,
  },
  head_neck: {
    superior: [
      { landmarks: ['brain'], edge: 'top', withMargin: true },
      { landmarks: ['skull'], edge: 'top', withMargin: true },
    ],
    inferior: [
      { landmarks: ['vertebrae_C7'], edge: 'bottom', withMargin: true },
      { landmarks: ['clavicula_left', 'clavicula_right'], edge: 'bottom', withMargin: true },
    ],
    superiorMarginCm: 2,
    inferiorMarginCm: 2,
    imageStandsIn: false,
  },
  brain: {
    superior: [{ landmarks: ['brain'], edge: 'top', withMargin: true }],
    inferior: [{ landmarks: ['brain'], edge: 'bottom', withMargin: true }],
    superiorMarginCm: 1,
    inferiorMarginCm: 1,
    imageStandsIn: false,
  },
};
