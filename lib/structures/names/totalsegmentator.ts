import { ownKeys } from '../../own-keys.ts';
/**
 * Labels of TotalSegmentator 2 (tasks total, total_mr, heartchambers_highres, and what other tasks spell misleadingly) -> TG-263 name, for those whose rule is not
 * in `standardNameOfLabel`; null where TG-263 has no name for the thing.
 */
export const TOTALSEGMENTATOR_NAMES: Readonly<Record<string, string | null>> = ownKeys({
  aorta: 'A_Aorta',
  atrial_appendage_left: null,
  body: 'Body',
  brachiocephalic_trunk: 'A_Brachiocephls',
  brachiocephalic_vein_left: 'V_Brachioceph_L',
  brachiocephalic_vein_right: 'V_Brachioceph_R',
  brain: 'Brain',
  clavicula_left: 'Clavicle_L',
  clavicula_right: 'Clavicle_R',
  colon: 'Colon',
  common_carotid_artery_left: 'A_Carotid_L',
  common_carotid_artery_right: 'A_Carotid_R',
  costal_cartilages: null,
  duodenum: 'Duodenum',
  esophagus: 'Esophagus',
  face: null,
  femur_left: 'Femur_L',
  femur_right: 'Femur_R',
  gallbladder: 'Gallbladder',
  heart: 'Heart',
  heart_atrium_left: 'Atrium_L',
  heart_atrium_right: 'Atrium_R',
  heart_myocardium: null,
  heart_ventricle_left: 'Ventricle_L',
  heart_ventricle_right: 'Ventricle_R',
  hip_left: 'Bone_Pelvic_L',
  hip_right: 'Bone_Pelvic_R',
  humerus_left: 'Humerus_L',
  humerus_right: 'Humerus_R',
  iliac_artery_left: 'A_Iliac_L',
  iliac_artery_right: 'A_Iliac_R',
  iliac_vena_left: 'V_Iliac_L',
  iliac_vena_right: 'V_Iliac_R',
  inferior_vena_cava: 'V_Venacava_I',
  intervertebral_discs: null,
  adrenal_gland_left: 'Glnd_Adrenal_L',
  adrenal_gland_right: 'Glnd_Adrenal_R',
  kidney_left: 'Kidney_L',
  kidney_right: 'Kidney_R',
  liver: 'Liver',
  lung_left: 'Lung_L',
  lung_lower_lobe_left: 'Lung_LLL',
  lung_lower_lobe_right: 'Lung_RLL',
  lung_middle_lobe_right: 'Lung_RML',
  lung_right: 'Lung_R',
  lung_upper_lobe_left: 'Lung_LUL',
  lung_upper_lobe_right: 'Lung_RUL',
  pancreas: 'Pancreas',
  portal_vein_and_splenic_vein: null,
  prostate: 'Prostate',
  pulmonary_artery: 'A_Pulmonary',
  pulmonary_vein: 'V_Pulmonary',
  sacrum: 'Sacrum',
  scapula_left: 'Scapula_L',
  scapula_right: 'Scapula_R',
  skull: 'Skull',
  small_bowel: 'Bowel_Small',
  spinal_cord: 'SpinalCord',
  spleen: 'Spleen',
  sternum: null,
  stomach: 'Stomach',
  subclavian_artery_left: 'A_Subclavian_L',
  subclavian_artery_right: 'A_Subclavian_R',
  superior_vena_cava: 'V_Venacava_S',
  thyroid_gland: 'Glnd_Thyroid',
  trachea: 'Trachea',
  urinary_bladder: 'Bladder',
  /** Of brain_structures: the ventricles of the brain; TG-263's Ventricle is the heart's. */
  ventricle: 'Sys_Ventricular',
});

/** Muscles, cysts and tissues that TotalSegmentator knows and TG-263 does not. */
const WITHOUT_NAME =
  /^(autochthon|gluteus_\w+|iliopsoas|kidney_cyst|quadriceps_femoris|thigh_\w+|sartorius)_(left|right)$/;

/** The TG-263 name of a label, null when there is none, undefined when the label is not TotalSegmentator's. */
export function standardNameOfLabel(label: string): string | null | undefined {
  if (Object.hasOwn(TOTALSEGMENTATOR_NAMES, label)) return TOTALSEGMENTATOR_NAMES[label];
  const rib = /^rib_(left|right)_(\d{1,2})$/.exec(label);
  if (rib) return `Rib${rib[2].padStart(2, '0')}_${rib[1] === 'left' ? 'L' : 'R'}`;
  const vertebra = /^vertebrae_([CTLS])(\d{1,2})$/.exec(label);
  if (vertebra) return `VB_${vertebra[1]}${vertebra[1] === 'T' ? vertebra[2].padStart(2, '0') : vertebra[2]}`;
  return WITHOUT_NAME.test(label) ? null : undefined;
}
