import { type Finding, finding } from '../../findings.ts';
import { shapeFeatures } from '../features/shape.ts';
import { shape2DFeatures } from '../features/shape-2d.ts';
import type { PreparedRegion } from '../preprocessing/prepare-region.ts';
import { roiOf } from '../region/roi.ts';
import type { RadiomicsSettings } from '../settings/settings.ts';
import { type FeatureColumns, featureColumns } from './feature-columns.ts';
import { flatAxis } from './texture.ts';

/** Features, and what is to be said of them. */
export interface FoundValues {
  columns: FeatureColumns[];
  findings: Finding[];
}

/** Shape columns, original_shape_* and original_shape2D_*. */
export function regionShape(region: PreparedRegion, settings: RadiomicsSettings): FoundValues {
  const found: FoundValues = { columns: [], findings: [] };
  for (const { name, features } of settings.featureClasses) {
    if (name === 'shape') {
      found.columns.push(featureColumns('original_shape', shapeFeatures(roiOf(region.shapeMask, 1)), features));
    } else if (name === 'shape2D') {
      const roi = roiOf(region.shapeMask, 1);
      const flat = flatAxis(settings.setting);
      if (flat !== undefined && roi.size[flat] === 3)
        found.columns.push(featureColumns('original_shape2D', shape2DFeatures(roi, flat), features));
      else found.findings.push(finding('NO_SHAPE2D', 'shape2D', 'shape2D needs force2D and a region one voxel thick'));
    }
  }
  return found;
}

/**
 * The shape that a mask has in every image of one grid, as the features of one image give it; undefined where it follows
 * from the intensities too.
 */
export function sharedShape(
  values: Record<string, number>,
  { setting: { resegmentRange, resegmentShape } }: RadiomicsSettings,
): FoundValues | undefined {
  if (resegmentRange !== null && resegmentShape) return undefined;
  const names = Object.keys(values).filter(isShape);
  return { columns: [{ names, values: names.map((name) => values[name]) }], findings: [] };
}

function isShape(name: string): boolean {
  return name.startsWith('original_shape_') || name.startsWith('original_shape2D_');
}
