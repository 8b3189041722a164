import { type Column, column } from '../../tables/table.ts';
import { imageNames } from '../image-types/image-types.ts';
import type { FeatureClass } from '../settings/feature-names.ts';
import type { ImageType, RadiomicsSettings } from '../settings/settings.ts';
import { type FeatureMeaning, MEANINGS } from './feature-meanings.ts';

const CLASS_NAMES: Record<FeatureClass, string> = {
  firstorder: 'first order',
  glcm: 'grey level co-occurrence',
  gldm: 'grey level dependence',
  glrlm: 'grey level run lengths',
  glszm: 'grey level zone sizes',
  ngtdm: 'neighbourhood grey tone differences',
  shape: 'shape',
  shape2D: 'shape in the plane',
};

/** Beside features: the data dictionary gives `intensity_unit` as the unit of those that depend on it. */
export const INTENSITY_UNIT = column(
  'intensity_unit',
  'string',
  'unit of the intensities: HU, SUVbw, ...; empty if there is none, as for most MR and for normalised images',
);

/**
 * The columns that these settings give, in the order of `FeatureResult.values`: PyRadiomics' names with meaning, unit and
 * IBSI code. Intensities are in `intensity_unit`: their own unit differs from image to image, so that each row says it.
 */
export function featureColumns(settings: RadiomicsSettings): Column[] {
  const isShape = (name: FeatureClass) => name === 'shape' || name === 'shape2D';
  const shape = settings.featureClasses
    .filter(({ name }) => isShape(name) && (name === 'shape' || settings.setting.force2D))
    .flatMap(({ name, features }) => features.map((feature) => columnOf('original', 'Original', name, feature)));
  const images = settings.imageTypes.flatMap(({ type, setting }) =>
    imageNames(type, setting).flatMap((image) =>
      settings.featureClasses
        .filter(({ name }) => !isShape(name))
        .flatMap(({ name, features }) => features.map((feature) => columnOf(image, type, name, feature))),
    ),
  );
  return [...shape, ...images];
}

function columnOf(image: string, type: ImageType, name: FeatureClass, feature: string): Column {
  const { meaning, unit, ibsi } = MEANINGS[name][feature];
  const where = type === 'Original' ? '' : ` of the image ${image}`;
  const source = ibsi === '' ? 'PyRadiomics' : `IBSI ${ibsi}; PyRadiomics`;
  return column(
    `${image}_${name}_${feature}`,
    'double',
    `${CLASS_NAMES[name]}${where}: ${meaning}`,
    spelled(unit, unitOf(type)),
    source,
  );
}

/** Filters that scale back to the range of the intensities, or are linear, keep their unit. */
function unitOf(type: ImageType): string {
  if (type === 'Gradient') return `${INTENSITY_UNIT.name}/mm`;
  return type === 'LBP2D' || type === 'LBP3D' ? '' : INTENSITY_UNIT.name;
}

function spelled(unit: FeatureMeaning['unit'], intensityUnit: string): string {
  const square = intensityUnit === '' ? '' : `(${intensityUnit})²`;
  switch (unit) {
    case 'i':
      return intensityUnit;
    case 'i2':
      return square;
    case 'i2mm3':
      return `${square} mm³`.trim();
    case 'mm2':
      return 'mm²';
    case 'mm3':
      return 'mm³';
    default:
      return unit;
  }
}
