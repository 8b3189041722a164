/** In PyRadiomics' order, which is alphabetical; shape comes first in its output. */
export const FEATURE_CLASSES = ['firstorder', 'glcm', 'gldm', 'glrlm', 'glszm', 'ngtdm', 'shape', 'shape2D'] as const;
export type FeatureClass = (typeof FEATURE_CLASSES)[number];

export interface FeatureNames {
  /** Computed unless features are named. */
  standard: string[];
  /** Deprecated: computed only when named. */
  byNameOnly: string[];
  /** Deprecated without a value: naming them is no error and gives nothing. */
  withoutValue: string[];
}

export function featureNames(name: FeatureClass): FeatureNames {
  return NAMES[name];
}

const NAMES: Record<FeatureClass, FeatureNames> = {
  firstorder: {
    standard:
      split(`10Percentile 90Percentile Energy Entropy InterquartileRange Kurtosis Maximum MeanAbsoluteDeviation Mean
      Median Minimum Range RobustMeanAbsoluteDeviation RootMeanSquared Skewness TotalEnergy Uniformity Variance`),
    byNameOnly: ['StandardDeviation'],
    withoutValue: [],
  },
  glcm: {
    standard:
      split(`Autocorrelation ClusterProminence ClusterShade ClusterTendency Contrast Correlation DifferenceAverage
      DifferenceEntropy DifferenceVariance Id Idm Idmn Idn Imc1 Imc2 InverseVariance JointAverage JointEnergy JointEntropy MCC
      MaximumProbability SumAverage SumEntropy SumSquares`),
    byNameOnly: [],
    withoutValue: ['Dissimilarity', 'Homogeneity1', 'Homogeneity2', 'SumVariance'],
  },
  gldm: {
    standard: split(`DependenceEntropy DependenceNonUniformity DependenceNonUniformityNormalized DependenceVariance
      GrayLevelNonUniformity GrayLevelVariance HighGrayLevelEmphasis LargeDependenceEmphasis
      LargeDependenceHighGrayLevelEmphasis LargeDependenceLowGrayLevelEmphasis LowGrayLevelEmphasis SmallDependenceEmphasis
      SmallDependenceHighGrayLevelEmphasis SmallDependenceLowGrayLevelEmphasis`),
    byNameOnly: [],
    withoutValue: ['DependencePercentage', 'GrayLevelNonUniformityNormalized'],
  },
  glrlm: {
    standard: split(`GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance HighGrayLevelRunEmphasis
      LongRunEmphasis LongRunHighGrayLevelEmphasis LongRunLowGrayLevelEmphasis LowGrayLevelRunEmphasis RunEntropy
      RunLengthNonUniformity RunLengthNonUniformityNormalized RunPercentage RunVariance ShortRunEmphasis
      ShortRunHighGrayLevelEmphasis ShortRunLowGrayLevelEmphasis`),
    byNameOnly: [],
    withoutValue: [],
  },
  glszm: {
    standard: split(`GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance HighGrayLevelZoneEmphasis
      LargeAreaEmphasis LargeAreaHighGrayLevelEmphasis LargeAreaLowGrayLevelEmphasis LowGrayLevelZoneEmphasis
      SizeZoneNonUniformity SizeZoneNonUniformityNormalized SmallAreaEmphasis SmallAreaHighGrayLevelEmphasis
      SmallAreaLowGrayLevelEmphasis ZoneEntropy ZonePercentage ZoneVariance`),
    byNameOnly: [],
    withoutValue: [],
  },
  ngtdm: { standard: split('Busyness Coarseness Complexity Contrast Strength'), byNameOnly: [], withoutValue: [] },
  shape: {
    standard: split(`Elongation Flatness LeastAxisLength MajorAxisLength Maximum2DDiameterColumn Maximum2DDiameterRow
      Maximum2DDiameterSlice Maximum3DDiameter MeshVolume MinorAxisLength Sphericity SurfaceArea SurfaceVolumeRatio
      VoxelVolume`),
    byNameOnly: ['Compactness1', 'Compactness2', 'SphericalDisproportion'],
    withoutValue: [],
  },
  shape2D: {
    standard:
      split(`Elongation MajorAxisLength MaximumDiameter MeshSurface MinorAxisLength Perimeter PerimeterSurfaceRatio
      PixelSurface Sphericity`),
    byNameOnly: ['SphericalDisproportion'],
    withoutValue: [],
  },
};

function split(names: string): string[] {
  return names.trim().split(/\s+/);
}
