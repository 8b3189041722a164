import { type Column, column } from '../../tables/table.ts';
import { FEATURES } from './catalogue.ts';
import { discretisationName } from './discretise.ts';
import { AGGREGATIONS, type Aggregation, type Family, type IbsiSettings } from './settings.ts';
import { TEXTURE_FAMILIES } from './textures.ts';

/** Permanent codes of the aggregations, IBSI 1 chapter 3.6.1 and on. */
export const AGGREGATION_CODES: Record<Aggregation, string> = {
  '2D_avg': 'BTW3',
  '2D_s_mrg': 'SUJT',
  '2.5D_d_mrg': 'JJUI',
  '2.5D_v_mrg': 'ZW7Z',
  '3D_avg': 'ITBB',
  '3D_mrg': 'IAZD',
  '2D': '8QNN',
  '2.5D': '62GR',
  '3D': 'KOBO',
};

/** Of a feature of the region as a whole. */
const VOLUME_CODE = 'DHQ4';

/** What `ivhDiscretisationOf` decides. */
const STEPS_BY_UNIT = 'in steps of 1 HU or 0.1 SUV, for other units in 1000 bins, then by bin number';

const DEFINITIONS = new Map(FEATURES.map((definition) => [definition.tag, definition]));

/** The columns of all features that these settings ask for; of a family in the order of the catalogue. */
export function ibsiColumns(settings: IbsiSettings): Column[] {
  const unfiltered = settings.unfiltered ? columnsOfView(settings.families, settings) : [];
  const filtered = settings.filters.flatMap(({ name }) => columnsOfView(settings.filteredFamilies, settings, name));
  return [...unfiltered, ...filtered];
}

function columnsOfView(families: readonly Family[], settings: IbsiSettings, filterName?: string): Column[] {
  const isTexture = (family: Family) => (TEXTURE_FAMILIES as readonly Family[]).includes(family);
  const whole: Family[] = ['morphology', 'local_intensity'];
  const inOrder = [
    ...whole.filter((family) => families.includes(family)),
    ...families.filter((family) => !whole.includes(family) && !isTexture(family)),
    ...TEXTURE_FAMILIES.filter((family) => families.includes(family)),
  ];
  return inOrder.flatMap((family) =>
    (isTexture(family) ? aggregationsOf(family, settings) : [undefined]).flatMap((aggregation) =>
      FEATURES.filter((feature) => feature.family === family).map(
        ({ tag }) => ibsiColumn(tag, aggregation, settings, filterName).column,
      ),
    ),
  );
}

/** Those of the settings, else of the approach, that belong to the family. */
function aggregationsOf(family: Family, { approach, aggregations }: IbsiSettings): Aggregation[] {
  const byApproach = AGGREGATIONS.filter((name) => name.startsWith('3D') === (approach === '3D'));
  const isDirectional = family === 'glcm' || family === 'glrlm';
  return (aggregations ?? byApproach).filter((name) => name.includes('_') === isDirectional);
}

/** `family_feature_aggregation_discretisation_filter`, without the parts that do not apply; the IBSI codes are the source. */
export function ibsiColumn(
  tag: string,
  aggregation: Aggregation | undefined,
  settings: IbsiSettings,
  filterName: string | undefined,
): { family: Family; column: Column } {
  const { family, code, name, unit } = DEFINITIONS.get(tag)!;
  const discretisation = discretisationOf(family, settings);
  const feature = tag.slice(tag.indexOf('_') + 1);
  const parts = [family, feature, aggregation, discretisation, filterName];
  const words = [
    name,
    aggregation?.replaceAll('_', ' '),
    discretisation ?? (family === 'intensity_volume_histogram' ? STEPS_BY_UNIT : undefined),
    filterName && `of the image filtered by ${filterName}`,
  ];
  const source = `IBSI ${code}, ${aggregation ? AGGREGATION_CODES[aggregation] : VOLUME_CODE}`;
  const named = column(parts.filter(Boolean).join('_'), 'double', words.filter(Boolean).join(', '), unit, source);
  return { family, column: named };
}

function discretisationOf(family: Family, settings: IbsiSettings): string | undefined {
  if (family === 'morphology' || family === 'local_intensity' || family === 'statistics') return undefined;
  const how = family === 'intensity_volume_histogram' ? settings.ivhDiscretisation : settings.discretisation;
  return how && discretisationName(how);
}
