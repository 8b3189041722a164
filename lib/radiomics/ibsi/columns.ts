import { type Column, column } from '../../tables/table.ts';
import { FEATURES } from './catalogue.ts';
import { discretisationName } from './discretise.ts';
import type { Aggregation, Family, IbsiSettings } from './settings.ts';

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

const DEFINITIONS = new Map(FEATURES.map((definition) => [definition.tag, definition]));

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
    discretisation,
    filterName && `of the image filtered by ${filterName}`,
  ];
  const source = `IBSI ${code}, ${aggregation ? AGGREGATION_CODES[aggregation] : VOLUME_CODE}`;
  const named = column(parts.filter(Boolean).join('_'), 'double', words.filter(Boolean).join(', '), unit, source);
  return { family, column: named };
}

function discretisationOf(family: Family, settings: IbsiSettings): string | undefined {
  if (family === 'morphology' || family === 'local_intensity' || family === 'statistics') return undefined;
  const how = family === 'intensity_volume_histogram' ? settings.ivhDiscretisation : settings.discretisation;
  return discretisationName(how);
}
