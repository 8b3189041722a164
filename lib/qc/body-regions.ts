import { ownKeys } from '../own-keys.ts';

/** From top to bottom: a scan of one region often reaches into its neighbours. */
export const REGIONS = ['head', 'neck', 'thorax', 'abdomen', 'pelvis'] as const;
export type Region = (typeof REGIONS)[number];

/** Organs that lie in one region, by TG-263 name. Long ones (cord, esophagus, great vessels) are in none. */
const ORGANS: Record<Region, string> = {
  head: 'Brain Brainstem Cerebellum Cochlea_L Cochlea_R Eye_L Eye_R Lens_L Lens_R OpticChiasm OpticNrv_L OpticNrv_R Pituitary',
  neck: 'Glnd_Submand_L Glnd_Submand_R Glnd_Thyroid Larynx Parotid_L Parotid_R',
  thorax: 'Heart Lung_L Lung_R Lungs',
  abdomen: 'Gallbladder Kidney_L Kidney_R Liver Pancreas Spleen Stomach',
  pelvis: 'Bladder Femur_Head_L Femur_Head_R PenileBulb Prostate Rectum SeminalVes',
};

/** Terms of Body Part Examined (PS3.16 Annex L). Terms for the whole body or a limb are not here: they are not checked. */
const BODY_PARTS: Record<string, Region[]> = ownKeys<Region[]>({
  HEAD: ['head'],
  BRAIN: ['head'],
  SKULL: ['head'],
  EYE: ['head'],
  HEADNECK: ['head', 'neck'],
  NECK: ['neck'],
  CSPINE: ['neck'],
  THYROID: ['neck'],
  LARYNX: ['neck'],
  CHEST: ['thorax'],
  THORAX: ['thorax'],
  LUNG: ['thorax'],
  HEART: ['thorax'],
  BREAST: ['thorax'],
  MEDIASTINUM: ['thorax'],
  TSPINE: ['thorax'],
  CHESTABDOMEN: ['thorax', 'abdomen'],
  CHESTABDPELVIS: ['thorax', 'abdomen', 'pelvis'],
  ABDOMEN: ['abdomen'],
  LIVER: ['abdomen'],
  KIDNEY: ['abdomen'],
  PANCREAS: ['abdomen'],
  STOMACH: ['abdomen'],
  LSPINE: ['abdomen'],
  ABDOMENPELVIS: ['abdomen', 'pelvis'],
  PELVIS: ['pelvis'],
  PROSTATE: ['pelvis'],
  BLADDER: ['pelvis'],
  RECTUM: ['pelvis'],
  UTERUS: ['pelvis'],
  HIP: ['pelvis'],
  SSPINE: ['pelvis'],
});

const REGION_OF_ORGAN = new Map(
  REGIONS.flatMap((region) => ORGANS[region].split(' ').map((name): [string, Region] => [name, region])),
);

export function regionOfOrgan(standardName: string | null): Region | undefined {
  return standardName === null ? undefined : REGION_OF_ORGAN.get(standardName);
}

/** The regions that a term names; [] when it names none of them. */
export function regionsOfBodyPart(term: string): Region[] {
  return BODY_PARTS[term.toUpperCase().replace(/[^A-Z]/g, '')] ?? [];
}

/** How many regions lie between two; 1 for neighbours. */
export function regionsApart(one: Region, other: Region): number {
  return Math.abs(REGIONS.indexOf(one) - REGIONS.indexOf(other));
}
