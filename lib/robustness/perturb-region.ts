import type { Mask, Volume } from '../image/grid.ts';
import { prepareImage } from '../radiomics/preprocessing/prepare-image.ts';
import { extractFromPrepared, filterWholeImage } from '../radiomics/pyradiomics/extract.ts';
import { type FoundValues, sharedShape } from '../radiomics/pyradiomics/region-shape.ts';
import type { RadiomicsSettings } from '../radiomics/settings/settings.ts';
import type { RegionStatus } from '../rt/roi-status.ts';
import { addNoise } from './noise.ts';
import { boxOfMasks, maskChangeOf, perturbedMasks } from './perturb-mask.ts';
import { contourReachMm, type Perturbation, type PerturbationSettings } from './perturbation-grid.ts';
import { structureField } from './structure-field.ts';

/** A region of an image, and how its features are computed. */
export interface RegionToPerturb {
  image: Volume;
  mask: Mask;
  settings: RadiomicsSettings;
  /** Of the random contours. */
  seed: number;
}

/** The features of a region under one perturbation; without values where the status is not ok. */
export interface PerturbedRegion {
  perturbation: Perturbation;
  status: RegionStatus;
  reason: string;
  values: Record<string, number>;
}

/** One region under every perturbation of a grid, on this thread: the same numbers as the stage gives it. */
export function perturbRegion(
  { image, mask, settings, seed }: RegionToPerturb,
  grid: Perturbation[],
  perturbations: PerturbationSettings,
): PerturbedRegion[] {
  const structure = structureField(mask, grid, perturbations);
  const changes = [...new Map(grid.map((one) => [maskChangeOf(one), one])).values()];
  const made = perturbedMasks(structure, changes, { reachMm: contourReachMm(perturbations), seed });
  const masks = new Map(changes.map((change, n) => [maskChangeOf(change), made[n]]));
  const found = new Map<Perturbation, PerturbedRegion>();
  const shapes = new Map<string, FoundValues | undefined>();
  for (const [noiseHu, level] of Map.groupBy(grid, (one) => one.noiseHu)) {
    const prepared = prepareImage(addNoise(image, noiseHu), settings.setting);
    const filtered = filterWholeImage(prepared, settings, boxOfMasks(made)).images;
    for (const perturbation of level) {
      const change = maskChangeOf(perturbation);
      const one = masks.get(change)!;
      const { status, reason, values } =
        'status' in one
          ? { ...one, values: {} }
          : extractFromPrepared(prepared, one.mask, settings, { filtered, shape: shapes.get(change) });
      if (status === 'ok') shapes.set(change, sharedShape(values, settings));
      found.set(perturbation, { perturbation, status, reason, values });
    }
  }
  return grid.map((perturbation) => found.get(perturbation)!);
}
