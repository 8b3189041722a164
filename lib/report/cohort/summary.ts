import type { CourseView } from '../courses.ts';
import { rowsOf } from '../courses.ts';
import { formatCount, plural } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportInput } from '../input.ts';

/** The figures that a person wants first: what is missing as large as what is there. */
export function summary(input: ReportInput, courses: CourseView[]): Markup {
  const of = (state: string) => courses.filter((course) => course.state === state).length;
  const patients = new Set(courses.map((course) => course.patientId)).size;
  const rois = rowsOf(input, 'structures');
  const without = rois.filter(({ status }) => status !== 'ok').length;
  const goals = rowsOf(input, 'goals');
  const failedGoals = goals.filter(({ result }) => result === 'fail').length;
  const failedQc = rowsOf(input, 'qc').filter(({ check, status }) => check === 'overall' && status === 'FAIL').length;
  const files = input.counts ?? {};
  return html`<section class="tiles" aria-label="Figures">
${tile('courses', courses.length, `of ${plural(patients, 'patient')}`)}
${tile('done', of('done'), 'every stage ended')}
${tile('failed', of('failed'), of('incomplete') > 0 ? `and ${formatCount(of('incomplete'))} incomplete` : 'a stage ended in error', of('failed') > 0 ? 'bad' : '')}
${tile('without a mask', without, `of ${plural(rois.length, 'structure')}`, without > 0 ? 'warn' : '')}
${goals.length > 0 && tile('goals failed', failedGoals, `of ${formatCount(goals.length)}`, failedGoals > 0 ? 'bad' : '')}
${tile('QC failed', failedQc, `of ${plural(courses.length, 'course')}`, failedQc > 0 ? 'bad' : '')}
${'instances' in files && tile('instances', files.instances, `in ${plural(files.files ?? 0, 'file')}, ${plural(files.duplicates ?? 0, 'duplicate')}`)}
${'unassigned' in files && tile('unassigned', files.unassigned, `and ${plural(files.not_dicom ?? 0, 'file')} not DICOM`, files.unassigned > 0 ? 'warn' : '')}
</section>`;
}

function tile(label: string, count: number, note: string, tone = ''): Markup {
  return html`<div class="tile ${tone}"><b>${formatCount(count)}</b><span>${label}</span><small>${note}</small></div>`;
}
