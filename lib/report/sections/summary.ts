import type { CourseView } from '../courses.ts';
import { groupBy, rowsOf } from '../courses.ts';
import { formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';

/** The figures that a person wants first. */
export function summary(input: ReportInput, courses: CourseView[]): Markup {
  const of = (state: string) => courses.filter((course) => course.state === state).length;
  const patients = new Set(courses.map((course) => course.patientId)).size;
  const rois = rowsOf(input, 'structures');
  const files = input.counts ?? {};
  return html`<section class="tiles">
${tile('courses', courses.length, `of ${formatCount(patients)} ${patients === 1 ? 'patient' : 'patients'}`)}
${tile('done', of('done'), 'every stage ended', 'good')}
${tile('failed', of('failed'), of('incomplete') > 0 ? `and ${formatCount(of('incomplete'))} incomplete` : 'a stage ended in error', of('failed') > 0 ? 'bad' : '')}
${tile('structures', rois.length, wellOf(rois), '')}
${'instances' in files && tile('instances', files.instances, `in ${formatCount(files.files ?? 0)} files, ${formatCount(files.duplicates ?? 0)} duplicates`)}
${'unassigned' in files && tile('unassigned', files.unassigned, `and ${formatCount(files.not_dicom ?? 0)} files not DICOM`, files.unassigned > 0 ? 'warn' : '')}
</section>`;
}

function wellOf(rois: { status?: unknown }[]): string {
  const well = groupBy(rois, (row) => String(row.status)).get('ok')?.length ?? 0;
  return `${formatCount(well)} ok`;
}

function tile(label: string, count: number, note: string, tone = ''): Markup {
  return html`<div class="tile ${tone}"><b>${formatCount(count)}</b><span>${label}</span><small>${note}</small></div>`;
}
