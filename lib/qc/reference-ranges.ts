import { ownKeys } from '../own-keys.ts';
/** What adults have under a TG-263 name. */
export interface ReferenceRange {
  /** Least and most volume, cc. The least does not count for a structure that its image cuts. */
  volumeCc?: readonly [number, number];
  /** Least and most median HU on CT, with and without contrast. */
  medianHu?: readonly [number, number];
}

/**
 * Wide ranges of adults: outside of them a structure is more likely misnamed or unfinished than rare. Volumes lie around the
 * reference masses of organs in ICRP Publication 89 (2002, table 2.8) and leave room for disease, filling (bladder,
 * stomach), enlargement (prostate, spleen) and inflation (lungs). Organs that are commonly drawn in part along their length
 * (cord, esophagus, rectum, bowel, femur) have none. HU lie around the tissues of ICRU Report 46 at 120 kV with room for
 * contrast; those of lung reach from emphysema to atelectasis. The limits themselves are choices of this product.
 */
const RANGES: Record<string, ReferenceRange> = ownKeys({
  Bladder: { volumeCc: [20, 1200], medianHu: [-60, 600] },
  Brain: { volumeCc: [800, 2000], medianHu: [-20, 150] },
  Brainstem: { volumeCc: [10, 60], medianHu: [-20, 150] },
  Cerebellum: { volumeCc: [60, 250], medianHu: [-20, 150] },
  Cochlea_L: { volumeCc: [0.01, 2] },
  Cochlea_R: { volumeCc: [0.01, 2] },
  Eye_L: { volumeCc: [4, 15], medianHu: [-50, 120] },
  Eye_R: { volumeCc: [4, 15], medianHu: [-50, 120] },
  Femur_Head_L: { volumeCc: [15, 250], medianHu: [60, 1200] },
  Femur_Head_R: { volumeCc: [15, 250], medianHu: [60, 1200] },
  Gallbladder: { volumeCc: [2, 250], medianHu: [-60, 400] },
  Glnd_Submand_L: { volumeCc: [2, 30], medianHu: [-80, 250] },
  Glnd_Submand_R: { volumeCc: [2, 30], medianHu: [-80, 250] },
  Glnd_Thyroid: { volumeCc: [3, 200], medianHu: [-20, 400] },
  Heart: { volumeCc: [250, 1800], medianHu: [-60, 500] },
  Kidney_L: { volumeCc: [40, 500], medianHu: [-60, 400] },
  Kidney_R: { volumeCc: [40, 500], medianHu: [-60, 400] },
  Lens_L: { volumeCc: [0.03, 0.8] },
  Lens_R: { volumeCc: [0.03, 0.8] },
  Liver: { volumeCc: [600, 4500], medianHu: [-60, 300] },
  Lung_L: { volumeCc: [400, 5000], medianHu: [-980, -350] },
  Lung_R: { volumeCc: [400, 5500], medianHu: [-980, -350] },
  Lungs: { volumeCc: [900, 10500], medianHu: [-980, -350] },
  OpticChiasm: { volumeCc: [0.05, 3] },
  OpticNrv_L: { volumeCc: [0.1, 4] },
  OpticNrv_R: { volumeCc: [0.1, 4] },
  Pancreas: { volumeCc: [20, 350], medianHu: [-100, 300] },
  Parotid_L: { volumeCc: [6, 100], medianHu: [-150, 250] },
  Parotid_R: { volumeCc: [6, 100], medianHu: [-150, 250] },
  PenileBulb: { volumeCc: [0.5, 20], medianHu: [-80, 250] },
  Pituitary: { volumeCc: [0.05, 4] },
  Prostate: { volumeCc: [7, 300], medianHu: [-60, 250] },
  SeminalVes: { volumeCc: [1, 60], medianHu: [-80, 250] },
  SpinalCord: { medianHu: [-60, 250] },
  Spleen: { volumeCc: [40, 1500], medianHu: [-60, 350] },
  Stomach: { volumeCc: [50, 2500] },
  Trachea: { volumeCc: [5, 150], medianHu: [-1050, -500] },
});

export function rangeOf(standardName: string | null): ReferenceRange {
  return (standardName && RANGES[standardName]) || {};
}

/** Organs that are one piece in the body, whatever a slice shows of them. */
export const ONE_PIECE: readonly string[] = [
  'Bladder',
  'Brain',
  'Brainstem',
  'Esophagus',
  'Eye_L',
  'Eye_R',
  'Femur_Head_L',
  'Femur_Head_R',
  'Heart',
  'Kidney_L',
  'Kidney_R',
  'Liver',
  'Lung_L',
  'Lung_R',
  'Parotid_L',
  'Parotid_R',
  'PenileBulb',
  'Prostate',
  'Rectum',
  'SpinalCord',
  'Spleen',
  'Stomach',
  'Trachea',
];

/** Organs no two of which share tissue; of each pair only different names count. */
export const EXCLUSIVE: readonly string[] = [
  'Bladder',
  'Brainstem',
  'Esophagus',
  'Eye_L',
  'Eye_R',
  'Femur_Head_L',
  'Femur_Head_R',
  'Heart',
  'Kidney_L',
  'Kidney_R',
  'Liver',
  'Lung_L',
  'Lung_R',
  'Pancreas',
  'Parotid_L',
  'Parotid_R',
  'PenileBulb',
  'Prostate',
  'Rectum',
  'SeminalVes',
  'SpinalCord',
  'Spleen',
  'Stomach',
];

/** Great vessels whose brightness shows contrast agent; TG-263 names. */
export const GREAT_VESSELS: readonly string[] = ['A_Aorta', 'A_Pulmonary', 'V_Venacava_I', 'V_Venacava_S', 'V_Portal'];
