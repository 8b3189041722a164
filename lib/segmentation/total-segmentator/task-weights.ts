import { ownKeys } from '../../own-keys.ts';
import type { TotalSegmentatorSettings } from './command-line.ts';
import { takesSubset } from './tasks.ts';

/** Numbers of the models of a task at full resolution (release 2.18, totalseg_download_weights). */
const MODELS: Readonly<Record<string, number[]>> = ownKeys({
  ...{ total: [291, 292, 293, 294, 295], total_v3: [831, 832, 833, 834, 835], total_mr: [850, 851] },
  ...{ lung_vessels: [117], cerebral_bleed: [150], hip_implant: [260], pleural_pericard_effusion: [315] },
  ...{ body: [299], body_mr: [597], vertebrae_mr: [756], head_glands_cavities: [775], headneck_bones_vessels: [776] },
  ...{ head_muscles: [777], headneck_muscles: [778, 779], liver_vessels: [8], lung_nodules: [913] },
  ...{ kidney_cysts: [789], oculomotor_muscles: [351], breasts: [527], ventricle_parts: [552] },
  ...{ liver_segments: [570], liver_segments_mr: [576], liver_lesions: [591], liver_lesions_mr: [589] },
  ...{ craniofacial_structures: [115], abdominal_muscles: [952], teeth: [113], trunk_cavities: [343] },
  ...{ brain_aneurysm: [615], heartchambers_highres: [301], appendicular_bones: [304], appendicular_bones_mr: [855] },
  ...{ tissue_types: [481], tissue_types_mr: [925], tissue_4_types: [485], vertebrae_body: [305], face: [303] },
  ...{ face_mr: [856], brain_structures: [409], thigh_shoulder_muscles: [857], thigh_shoulder_muscles_mr: [857] },
  ...{ coronary_arteries: [509], aortic_sinuses: [920], renal_arteries: [710], aorta_annulus: [713] },
  ...{ aortic_dissection: [716], pulmonary_artery_landmarks: [514] },
});
/** Their 3 mm models, used when the GPU has too little memory. */
const FAST: Readonly<Record<string, number>> = ownKeys({
  total: 297,
  total_v3: 836,
  total_mr: 852,
  body: 300,
  body_mr: 598,
});
/** Models that find the box of chosen classes first. */
const SUBSET: Readonly<Record<string, number>> = ownKeys({ total: 298, total_v3: 298, total_mr: 852 });
/** Models that find the box of a task first. */
const CROPS: Readonly<Record<string, number[]>> = ownKeys({
  ...{ lung_vessels: [297], liver_lesions: [297], heartchambers_highres: [297] },
  ...{ liver_segments_mr: [852], liver_lesions_mr: [852], abdominal_muscles: [300], teeth: [115, 298] },
  ...{ cerebral_bleed: [298], hip_implant: [298], pleural_pericard_effusion: [298], liver_vessels: [298] },
  ...{ head_glands_cavities: [298], headneck_bones_vessels: [298], head_muscles: [298], headneck_muscles: [298] },
  ...{ oculomotor_muscles: [298], lung_nodules: [298], kidney_cysts: [298], ventricle_parts: [298] },
  ...{ liver_segments: [298], craniofacial_structures: [298], brain_structures: [298], coronary_arteries: [298] },
  ...{ aortic_sinuses: [298] },
});
/** What downloads bring beside the models of their task. */
const BROUGHT: Readonly<Record<string, number[]>> = ownKeys({
  ...{ total: [298], total_fast: [298], total_v3: [837], total_v3_fast: [837] },
});

/** Numbers of the models that a task, its crop, its fallback and its choice of classes need; none for tasks of other releases. */
export function weightsOf(
  task: string,
  { fast, roi_subset }: Pick<TotalSegmentatorSettings, 'fast' | 'roi_subset'>,
): number[] {
  const full = MODELS[task];
  if (!full) return [];
  const small = FAST[task] === undefined ? [] : [FAST[task]];
  const subset = roi_subset && takesSubset(task) ? [SUBSET[task]] : [];
  const own = fast && small.length > 0 ? [] : full;
  return [...new Set([...own, ...(CROPS[task] ?? []), ...small, ...subset])];
}

/** Numbers of the models that `totalseg_download_weights -t <name>` brings; none for names of other releases. */
export function weightsBroughtBy(download: string): number[] {
  const more = BROUGHT[download] ?? [];
  if (MODELS[download]) return [...MODELS[download], ...more];
  const task = download.replace('_fast', '');
  return task === download || FAST[task] === undefined ? [] : [FAST[task], ...more];
}

/** What is missing of the tasks' models where these are there; `unchecked` are tasks of other releases. */
export function lackingWeights(
  tasks: string[],
  settings: Pick<TotalSegmentatorSettings, 'fast' | 'roi_subset'>,
  there: Set<number>,
): { lacking: { task: string; models: number[] }[]; unchecked: string[] } {
  const needed = tasks.map((task) => ({ task, models: weightsOf(task, settings) }));
  return {
    lacking: needed
      .map(({ task, models }) => ({ task, models: models.filter((id) => !there.has(id)) }))
      .filter(({ models }) => models.length > 0),
    unchecked: needed.flatMap(({ task, models }) => (models.length === 0 ? [task] : [])),
  };
}

/** The number of the models that a folder of weights holds, `Dataset297_TotalSegmentator...`; undefined for other names. */
export function modelNumber(path: string): number | undefined {
  const found = /Dataset(\d+)_[^/]*$/.exec(path);
  return found ? Number(found[1]) : undefined;
}
