import type { Aggregation } from './settings.ts';

/** Features of a matrix, by tag. */
type Values = Record<string, number>;

/** A family with a matrix per direction; undefined where a slice or region holds no pair in that direction. */
interface Directional<M> {
  tags: string[];
  /** One list of directions per slice. */
  slices(): (M | undefined)[][];
  whole(): (M | undefined)[];
  merge(matrices: M[]): M;
  features(matrix: M): Values;
}

/** A family with one matrix per slice or region. */
interface Undirected<M> {
  slices(): M[];
  whole(): M;
  merge(matrices: M[]): M;
  features(matrix: M): Values;
}

/**
 * The six aggregations of GLCM and GLRLM (IBSI 1, 3.6.1): BTW3 2D_avg, SUJT 2D_s_mrg, JJUI 2.5D_d_mrg, ZW7Z 2.5D_v_mrg,
 * ITBB 3D_avg, IAZD 3D_mrg. Empty matrices are left out; undefined for the aggregations of the other families.
 */
export function aggregateDirectional<M>(aggregation: Aggregation, family: Directional<M>): Values | undefined {
  const groups = groupsOf(aggregation, family);
  if (!groups) return undefined;
  const matrices = groups
    .map((group) => group.filter((matrix) => matrix !== undefined))
    .filter((group) => group.length > 0)
    .map((group) => (group.length === 1 ? group[0] : family.merge(group)));
  return average(
    family.tags,
    matrices.map((matrix) => family.features(matrix)),
  );
}

/** Which matrices are merged; features are averaged over the groups. */
function groupsOf<M>(aggregation: Aggregation, family: Directional<M>): (M | undefined)[][] | undefined {
  switch (aggregation) {
    case '2D_avg':
      return family.slices().flatMap((slice) => slice.map((matrix) => [matrix]));
    case '2D_s_mrg':
      return family.slices();
    case '2.5D_d_mrg':
      return transposed(family.slices());
    case '2.5D_v_mrg':
      return [family.slices().flat()];
    case '3D_avg':
      return family.whole().map((matrix) => [matrix]);
    case '3D_mrg':
      return [family.whole()];
    default:
      return undefined;
  }
}

/** The three aggregations of the other texture families: 8QNN 2D, 62GR 2.5D, KOBO 3D. */
export function aggregateSlices<M>(aggregation: Aggregation, family: Undirected<M>): Values | undefined {
  if (aggregation === '3D') return family.features(family.whole());
  if (aggregation === '2.5D') return family.features(family.merge(family.slices()));
  if (aggregation === '2D') {
    const slices = family.slices().map((matrix) => family.features(matrix));
    return average(Object.keys(slices[0]), slices);
  }
  return undefined;
}

function transposed<T>(rows: T[][]): T[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
}

/** Plain mean of each feature over the matrices; NaN when there is none. */
function average(tags: string[], list: Values[]): Values {
  return Object.fromEntries(tags.map((tag) => [tag, list.reduce((sum, values) => sum + values[tag], 0) / list.length]));
}
