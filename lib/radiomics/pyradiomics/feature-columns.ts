/** Features by column name, in PyRadiomics' order; NaN where a feature has no value. */
export interface FeatureColumns {
  names: readonly string[];
  values: readonly number[];
}

/** The features asked for as columns `<prefix>_<feature>`, e.g. original_glcm_Contrast. */
export function featureColumns(prefix: string, from: object, features: readonly string[]): FeatureColumns {
  const found = from as Record<string, number | undefined>;
  return {
    names: columnNames(prefix, features),
    values: features.map((feature) => found[feature] ?? Number.NaN),
  };
}

/** All columns as one record. */
export function recordOf(columns: readonly FeatureColumns[]): Record<string, number> {
  const record: Record<string, number> = {};
  for (const { names, values } of columns) {
    for (let n = 0; n < names.length; n++) record[names[n]] = values[n];
  }
  return record;
}

/** Every region has the same thousand names: each is put together once. */
const knownNames = new Map<string, Map<string, string>>();

function columnNames(prefix: string, features: readonly string[]): string[] {
  const known = knownNames.get(prefix) ?? new Map<string, string>();
  knownNames.set(prefix, known);
  return features.map((feature) => {
    const name = known.get(feature) ?? `${prefix}_${feature}`;
    known.set(feature, name);
    return name;
  });
}
