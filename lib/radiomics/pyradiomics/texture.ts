import { directionFeatures, type GlcmFeatures, glcmFeatures } from '../features/glcm.ts';
import { ngtdmFeatures } from '../features/ngtdm.ts';
import { type SizeMatrixFeatures, sizeMatrixFeatures } from '../features/size-matrix.ts';
import { directions, type FlatAxis, offsetLengthMm } from '../matrices/directions.ts';
import { cooccurrence, mergeCooccurrence } from '../matrices/glcm.ts';
import { dependence } from '../matrices/gldm.ts';
import { linedDirections, runLengths } from '../matrices/glrlm.ts';
import { toneDifferences } from '../matrices/ngtdm.ts';
import { mergeSizeMatrices } from '../matrices/size-matrix.ts';
import { zoneSizeMatrix, zones } from '../matrices/zones.ts';
import type { LevelImage } from '../region/levels.ts';
import { featureNames } from '../settings/feature-names.ts';
import type { Settings } from '../settings/settings.ts';

export type TextureClass = 'glcm' | 'gldm' | 'glrlm' | 'glszm' | 'ngtdm';

/** The features of a texture class by PyRadiomics' conventions and names; NaN where they have no value. */
export function textureFeatures(name: TextureClass, image: LevelImage, setting: Settings): Record<string, number> {
  return CLASSES[name](image, setting);
}

const CLASSES: Record<TextureClass, (image: LevelImage, setting: Settings) => Record<string, number>> = {
  glcm,
  gldm,
  glrlm,
  glszm,
  ngtdm: (image, setting) => ({ ...ngtdmFeatures(toneDifferences(image, setting.distances, flatAxis(setting))) }),
};

/** force2Ddimension counts z, y, x. */
export function flatAxis(setting: Settings): FlatAxis {
  return setting.force2D ? ((2 - setting.force2Ddimension) as 0 | 1 | 2) : undefined;
}

/** Mean of the features over the directions that have pairs; or one matrix, merged with exp(-length²). */
function glcm(image: LevelImage, setting: Settings): Record<string, number> {
  const { weightingNorm, symmetricalGLCM } = setting;
  const offsets = directions(setting.distances, flatAxis(setting));
  if (weightingNorm !== null) {
    const weights = offsets.map((offset) =>
      weightingNorm === 'no_weighting'
        ? 1
        : Math.exp(-(offsetLengthMm(offset, image.roi.spacingMm, weightingNorm) ** 2)),
    );
    const matrices = offsets.map((offset) => cooccurrence(image, offset, symmetricalGLCM));
    return { ...glcmFeatures(mergeCooccurrence(matrices, weights)) };
  }
  return meanOf(
    directionFeatures(image, offsets, symmetricalGLCM),
    featureNames('glcm').standard as readonly (keyof GlcmFeatures)[],
  );
}

/** Mean of the features over the directions that hold lines; or one matrix, merged with the length itself. */
function glrlm(image: LevelImage, setting: Settings): Record<string, number> {
  const { weightingNorm } = setting;
  const offsets = linedDirections(image.roi, flatAxis(setting));
  if (weightingNorm === null || offsets.length === 0) {
    const found = offsets.map((offset) => sizeMatrixFeatures(runLengths(image, offset)));
    return renamed(meanOf(found, Object.values(RUN_NAMES)), RUN_NAMES);
  }
  const weights = offsets.map((offset) => offsetLengthMm(offset, image.roi.spacingMm, weightingNorm));
  const merged = mergeSizeMatrices(
    offsets.map((offset) => runLengths(image, offset)),
    weights,
  );
  return renamed(sizeMatrixFeatures(merged), RUN_NAMES);
}

function glszm(image: LevelImage, setting: Settings): Record<string, number> {
  return renamed(sizeMatrixFeatures(zoneSizeMatrix(zones(image, flatAxis(setting)))), ZONE_NAMES);
}

function gldm(image: LevelImage, setting: Settings): Record<string, number> {
  const matrix = dependence(image, setting.distances, setting.gldm_a, flatAxis(setting));
  return renamed(sizeMatrixFeatures(matrix), DEPENDENCE_NAMES);
}

type Names = Record<string, keyof SizeMatrixFeatures>;

const RUN_NAMES: Names = {
  GrayLevelNonUniformity: 'levelNonUniformity',
  GrayLevelNonUniformityNormalized: 'levelNonUniformityNormalized',
  GrayLevelVariance: 'levelVariance',
  HighGrayLevelRunEmphasis: 'high',
  LongRunEmphasis: 'long',
  LongRunHighGrayLevelEmphasis: 'longHigh',
  LongRunLowGrayLevelEmphasis: 'longLow',
  LowGrayLevelRunEmphasis: 'low',
  RunEntropy: 'entropy',
  RunLengthNonUniformity: 'sizeNonUniformity',
  RunLengthNonUniformityNormalized: 'sizeNonUniformityNormalized',
  RunPercentage: 'percentage',
  RunVariance: 'sizeVariance',
  ShortRunEmphasis: 'short',
  ShortRunHighGrayLevelEmphasis: 'shortHigh',
  ShortRunLowGrayLevelEmphasis: 'shortLow',
};

const ZONE_NAMES: Names = {
  GrayLevelNonUniformity: 'levelNonUniformity',
  GrayLevelNonUniformityNormalized: 'levelNonUniformityNormalized',
  GrayLevelVariance: 'levelVariance',
  HighGrayLevelZoneEmphasis: 'high',
  LargeAreaEmphasis: 'long',
  LargeAreaHighGrayLevelEmphasis: 'longHigh',
  LargeAreaLowGrayLevelEmphasis: 'longLow',
  LowGrayLevelZoneEmphasis: 'low',
  SizeZoneNonUniformity: 'sizeNonUniformity',
  SizeZoneNonUniformityNormalized: 'sizeNonUniformityNormalized',
  SmallAreaEmphasis: 'short',
  SmallAreaHighGrayLevelEmphasis: 'shortHigh',
  SmallAreaLowGrayLevelEmphasis: 'shortLow',
  ZoneEntropy: 'entropy',
  ZonePercentage: 'percentage',
  ZoneVariance: 'sizeVariance',
};

const DEPENDENCE_NAMES: Names = {
  DependenceEntropy: 'entropy',
  DependenceNonUniformity: 'sizeNonUniformity',
  DependenceNonUniformityNormalized: 'sizeNonUniformityNormalized',
  DependenceVariance: 'sizeVariance',
  GrayLevelNonUniformity: 'levelNonUniformity',
  GrayLevelVariance: 'levelVariance',
  HighGrayLevelEmphasis: 'high',
  LargeDependenceEmphasis: 'long',
  LargeDependenceHighGrayLevelEmphasis: 'longHigh',
  LargeDependenceLowGrayLevelEmphasis: 'longLow',
  LowGrayLevelEmphasis: 'low',
  SmallDependenceEmphasis: 'short',
  SmallDependenceHighGrayLevelEmphasis: 'shortHigh',
  SmallDependenceLowGrayLevelEmphasis: 'shortLow',
};

function renamed(features: Partial<SizeMatrixFeatures>, names: Names): Record<string, number> {
  return Object.fromEntries(Object.entries(names).map(([name, field]) => [name, features[field] ?? Number.NaN]));
}

/** Plain mean over directions of the values that are numbers; NaN when there is none. */
function meanOf<Name extends string>(
  features: readonly Record<Name, number>[],
  names: readonly Name[],
): Record<Name, number> {
  const means = {} as Record<Name, number>;
  for (const name of names) {
    let [sum, count] = [0, 0];
    for (const { [name]: value } of features) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    means[name] = sum / count;
  }
  return means;
}
