import type { Column, Row } from '../tables/table.ts';
import { type Code, unitCode } from './codes.ts';

/** A number of a ROI. */
export interface Measurement {
  concept: Code;
  unit: Code;
  value: number;
}

/** The numbers of a ROI. */
export interface MeasurementGroup {
  /** Tells it from the other groups of the report, for a person. */
  label: string;
  measurements: Measurement[];
}

/** Coding scheme of this product: a code is the name of a column of its tables. */
export const OWN_SCHEME = '99RTPIPELINE';

/** The sizes that a table gives beside numbers that are measured. */
const IS_MEASURE = /^(Volume|Min|Mean|Median|Max|D\d|V\d|gEUD|HI|CI)\S*$/;

/** DVH numbers of the rows with a result, under the names of the columns, which follow TG-263. */
export function dvhGroups(columns: Column[], rows: Row[]): MeasurementGroup[] {
  const measured = columns.filter(
    ({ name, type }) => type === 'double' && IS_MEASURE.test(name) && !/_uncertainty$/.test(name),
  );
  const concept = ({ name, meaning }: Column): Code => ({ value: name, scheme: OWN_SCHEME, meaning });
  return groupsOf(rows, measured, concept, (row) => `${nameOf(row)}, DVH of dose ${row.dose_uid}`);
}

/** Features of the original image that IBSI defines, under its codes. */
export function radiomicsGroups(columns: Column[], rows: Row[]): MeasurementGroup[] {
  const measured = columns.filter(({ name, source }) => name.startsWith('original_') && IBSI.test(source));
  const concept = ({ source, meaning }: Column): Code => ({
    value: IBSI.exec(source)?.[1] ?? '',
    scheme: 'IBSI',
    meaning,
  });
  return groupsOf(
    rows,
    measured,
    concept,
    (row) => `${nameOf(row)}, features in ${row.modality} series ${row.image_series_uid}`,
  );
}

/** `IBSI Q4LE; PyRadiomics`: the four characters that the reference manual gives each feature. */
const IBSI = /\bIBSI ([0-9A-Z]{4})\b/;

function nameOf({ standard_name, roi_name, source }: Row): string {
  return `${standard_name || roi_name} (${source})`;
}

function groupsOf(
  rows: Row[],
  columns: Column[],
  concept: (column: Column) => Code,
  label: (row: Row) => string,
): MeasurementGroup[] {
  return rows
    .filter(({ status }) => status === 'ok')
    .map((row) => ({
      label: label(row),
      measurements: columns.flatMap((column) => measurementOf(row, column, concept(column))),
    }));
}

function measurementOf(row: Row, { name, unit: written }: Column, concept: Code): Measurement[] {
  const value = row[name];
  const unit = unitCode(written === 'intensity_unit' ? String(row.intensity_unit ?? '') : written);
  return typeof value === 'number' && Number.isFinite(value) && unit ? [{ concept, unit, value }] : [];
}
