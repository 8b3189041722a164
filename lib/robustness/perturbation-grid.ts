import type { Config } from '../config.ts';
import { BadConfig } from '../errors.ts';
import type { Vec3 } from '../math/vec3.ts';

export type PerturbationSettings = Config['radiomics_robustness']['segmentation_perturbation'];

/** One way to disturb an image and a mask: noise on the image, then motion, contour and volume of the mask, in this order. */
export interface Perturbation {
  /**
   * `ntcv`, then each value that is not zero: `_n10` (HU), `_t0_0_-4` (mm), `_r3` (degrees), `_c1`, and always the
   * volume, `_v-15` (%).
   */
  id: string;
  /** Standard deviation of additive noise, HU. */
  noiseHu: number;
  /** In patient coordinates (LPS). */
  translationMm: Vec3;
  /** About the patient's z axis through the centroid; from x towards y is positive. */
  rotationDeg: number;
  /** 0: the contour as it is; n: its n-th random displacement. */
  contour: number;
  /** Part of the volume that is added, or taken away when negative. */
  volumeChange: number;
}

/**
 * Every combination of the settings' levels: noise, translation, rotation, contour, volume, the last running fastest.
 * `mild` takes the first noise level, one contour and the first two volumes; `aggressive` shifts along all axes and takes
 * the large volumes too. Without noise, motion and contours only the volume varies.
 * @throws BadConfig when two levels are the same, or contours shall vary by no distance
 */
export function perturbationGrid(settings: PerturbationSettings): Perturbation[] {
  const { intensity, contour_randomization_mm: randomizationMm, max_translation_mm: shiftMm } = settings;
  const contours = settings.n_random_contour_realizations;
  if (contours > 0 && randomizationMm === 0 && shiftMm === 0) {
    throw new BadConfig('segmentation_perturbation: contour_randomization_mm must be above 0 for random contours');
  }
  const isMild = intensity === 'mild';
  const noise = isMild ? settings.noise_levels.slice(0, 1) : settings.noise_levels;
  const states: Omit<Perturbation, 'id'>[] = [];
  for (const noiseHu of noise)
    for (const translationMm of translations(settings))
      for (const rotationDeg of settings.rotation_angles_deg)
        for (let contour = 0; contour <= (isMild ? Math.min(1, contours) : contours); contour++)
          for (const volumeChange of volumes(settings))
            states.push({ noiseHu, translationMm, rotationDeg, contour, volumeChange });
  const grid = states.map((state) => ({ id: nameOf(state), ...state }));
  refuseTwins(grid);
  return grid;
}

/** How far a random contour moves at most, mm. */
export function contourReachMm(settings: PerturbationSettings): number {
  return settings.contour_randomization_mm || settings.max_translation_mm / 2;
}

function translations({ intensity, max_translation_mm: mm }: PerturbationSettings): Vec3[] {
  if (mm === 0) return [[0, 0, 0]];
  const alongZ: Vec3[] = [
    [0, 0, mm],
    [0, 0, -mm],
  ];
  const inPlane: Record<PerturbationSettings['intensity'], Vec3[]> = {
    mild: [],
    standard: [],
    aggressive: [
      [mm, 0, 0],
      [-mm, 0, 0],
      [0, mm, 0],
      [0, -mm, 0],
    ],
  };
  return [[0, 0, 0], ...inPlane[intensity], ...alongZ];
}

function volumes(settings: PerturbationSettings): number[] {
  const { intensity, small_volume_changes: small, large_volume_changes: large } = settings;
  const byIntensity: Record<PerturbationSettings['intensity'], number[]> = {
    mild: small.slice(0, 2),
    standard: small,
    aggressive: isVolumeOnly(settings) ? large : [...new Set([...large, ...small])],
  };
  return byIntensity[intensity];
}

function isVolumeOnly(settings: PerturbationSettings): boolean {
  const { max_translation_mm: mm, n_random_contour_realizations: contours, noise_levels: noise } = settings;
  return mm === 0 && contours === 0 && [...noise, ...settings.rotation_angles_deg].every((level) => level === 0);
}

function nameOf({ noiseHu, translationMm, rotationDeg, contour, volumeChange }: Omit<Perturbation, 'id'>): string {
  const parts = ['ntcv'];
  if (noiseHu !== 0) parts.push(`n${noiseHu}`);
  if (translationMm.some((mm) => mm !== 0)) parts.push(`t${translationMm.join('_')}`);
  if (rotationDeg !== 0) parts.push(`r${rotationDeg}`);
  if (contour !== 0) parts.push(`c${contour}`);
  parts.push(`v${signedPercent(volumeChange)}`);
  return parts.join('_');
}

/** 0, or a sign and at least two digits. */
function signedPercent(part: number): string {
  const percent = Number((100 * part).toFixed(6));
  if (percent === 0) return '0';
  const digits = String(Math.abs(percent));
  return (percent < 0 ? '-' : '+') + (Math.abs(percent) < 10 ? `0${digits}` : digits);
}

function refuseTwins(grid: Perturbation[]): void {
  const ids = grid.map(({ id }) => id);
  const twin = ids.find((id, n) => ids.indexOf(id) !== n);
  if (twin !== undefined)
    throw new BadConfig(
      `duplicate perturbation ${twin}: a level is listed twice in radiomics_robustness.segmentation_perturbation`,
    );
}
