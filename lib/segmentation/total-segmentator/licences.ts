import { type Finding, finding } from '../../findings.ts';

/** Tasks whose weights are free for non-commercial use only, and need a licence number (release 2.18). */
const LICENSED_TASKS = [
  ...['heartchambers_highres', 'appendicular_bones', 'appendicular_bones_mr', 'tissue_types', 'tissue_types_mr'],
  ...['tissue_4_types', 'face', 'face_mr', 'brain_structures', 'thigh_shoulder_muscles', 'thigh_shoulder_muscles_mr'],
  ...['coronary_arteries', 'coronary_arteries_LEGACY', 'aortic_sinuses', 'renal_arteries', 'aorta_annulus'],
  ...['aortic_dissection', 'pulmonary_artery_landmarks'],
];

/** Whether the task may be used for non-commercial purposes only, unless a licence is bought. */
export function needsLicence(task: string): boolean {
  return LICENSED_TASKS.includes(task);
}

/** Says of a result that its use is restricted. */
export function licenceFindings(task: string, where: string): Finding[] {
  if (!needsLicence(task)) return [];
  return [finding('SEGMENTED_UNDER_LICENCE', where, `${task} has its own licence: free for non-commercial use only`)];
}
