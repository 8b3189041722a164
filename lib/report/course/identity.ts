import type { Cell } from '../../tables/table.ts';
import type { CourseView } from '../courses.ts';
import { formatCell, formatDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { facts } from '../parts.ts';

/** `PROST_SIB · 70.00 Gy · 2023-03-20`. */
export function headline({ metadata }: CourseView): string {
  const dose =
    typeof metadata.total_prescription_gy === 'number' ? `${formatCell(metadata.total_prescription_gy, 'Gy')} Gy` : '';
  return [metadata.plan_label ?? metadata.plan_name, dose, formatDay(metadata.course_start_date)]
    .filter(Boolean)
    .join(' · ');
}

/** Who was treated, with what, on which images. */
export function identity({ id, metadata: m }: CourseView): Markup {
  const prescribed =
    typeof m.total_prescription_gy === 'number' ? `${formatCell(m.total_prescription_gy, 'Gy')} Gy` : '';
  const days = [formatDay(m.course_start_date), formatDay(m.course_end_date)].filter(Boolean).join(' to ');
  const spacing = [m.ct_column_spacing_mm, m.ct_row_spacing_mm, m.ct_slice_increment_mm].map((value) =>
    formatCell(value),
  );
  return facts([
    ['Course', html`<code>${id}</code>`],
    ['Plan', formatCell(m.plan_name ?? m.plan_label)],
    ['Prescription', prescribed && html`${prescribed} <small>${words(m.prescription_source)}</small>`],
    ['Levels', levels(m.prescriptions_by_roi)],
    ['Fractions', m.planned_fractions ? `${m.fractions_count ?? 0} recorded of ${m.planned_fractions} planned` : ''],
    ['Treated', days],
    ['Technique', formatCell(m.technique_inferred)],
    ['Machine', formatCell(m.treatment_machine)],
    ['Approval', formatCell(m.approval)],
    [
      'Images',
      [m.planning_modality, m.planning_instances && `${m.planning_instances} slices`].filter(Boolean).join(', '),
    ],
    ['Voxels', m.ct_columns ? `${m.ct_columns} × ${m.ct_rows}, ${spacing.join(' × ')} mm` : ''],
    ['Images found by', words(m.planning_status)],
    ['Sex, age', [m.patient_sex, m.patient_age_years && formatCell(m.patient_age_years)].filter(Boolean).join(', ')],
  ]);
}

function words(cell: Cell | undefined): string {
  return String(cell ?? '').replaceAll('_', ' ');
}

/** `PTV_7000 70 Gy, PTV_5600 56 Gy`, from the JSON in the cell. */
function levels(cell: Cell | undefined): string {
  if (typeof cell !== 'string' || !cell.startsWith('[')) return '';
  const items: { roi_name?: string; description?: string; dose_gy?: number }[] = JSON.parse(cell);
  return items.map((level) => `${level.roi_name || level.description || 'target'} ${level.dose_gy} Gy`).join(', ');
}
