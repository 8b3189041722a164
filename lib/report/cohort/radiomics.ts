import type { CourseView } from '../courses.ts';
import { columnsOf } from '../courses.ts';
import { SHOWN_FEATURES } from '../features.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';
import { correlation, type SharedFeatures } from './correlation.ts';
import { spreadTable } from './spread.ts';

/** Of each modality: how features spread over the courses, and which of them say the same. */
export function radiomicsOfCohort(
  courses: CourseView[],
  input: ReportInput,
  shared: SharedFeatures[],
): Markup | undefined {
  const parts = input.tables
    .filter(({ name, rows }) => name.startsWith('radiomics_') && rows.length > 0)
    .flatMap(({ name }) => {
      const present = new Set(columnsOf(input, name).map((column) => column.name));
      const columns = SHOWN_FEATURES.filter((feature) => present.has(feature)).map((column) => ({
        column,
        head: column.replace('original_', '').replaceAll('_', ' '),
        unit: '',
      }));
      const modality = name.slice('radiomics_'.length).toUpperCase();
      const spread = columns.length > 0 ? spreadTable(courses, name, columns, `Radiomics ${modality}`) : undefined;
      if (!spread) return [];
      return [html`<h3>${modality}</h3>${spread}${shared.filter(({ table }) => table === name).map(correlation)}`];
    });
  return parts.length > 0 ? html`${parts}` : undefined;
}
