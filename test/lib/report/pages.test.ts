import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { renderReport } from '#lib/report/cohort/cohort-page.ts';
import type { CoursesData } from '#lib/report/cohort/courses-data.ts';
import { renderCourse } from '#lib/report/course/course-page.ts';
import type { DvhData } from '#lib/report/course/dvh-data.ts';
import { coursesOf } from '#lib/report/courses.ts';
import { NO_DETAILS, type ReportInput } from '#lib/report/input.ts';
import { column, type Row, type Table } from '#lib/tables/table.ts';
import { sampleDetails, sampleReport } from '#test/fixtures/report-input.ts';

const VOID = new Set(['meta', 'br', 'img']);

/** Tags that are closed in another order than they were opened. */
function misnested(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, selfClosing] of withoutScripts(page)
    .replace(/<style>.*?<\/style>/s, '')
    .matchAll(/<(\/?)([a-z][a-zA-Z0-9]*)[^>]*?(\/?)>/g)) {
    if (slash) {
      if (open.pop() !== name) wrong.push(name);
    } else if (!selfClosing && !VOID.has(name)) open.push(name);
  }
  return [...wrong, ...open];
}

/** A page without its data and its script, which hold no markup. */
function withoutScripts(page: string): string {
  return page.replace(/<script[^>]*>.*?<\/script>/gs, '');
}

/** What a page holds for its script. */
function dataOf<Data>(page: string, id: string): Data {
  const match = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(page);
  return JSON.parse(match![1]);
}

/** The page of the course at a place in the order of the report. */
function coursePage(input: ReportInput, place: number): string {
  const course = coursesOf(input)[place];
  return renderCourse(course, input, sampleDetails(input, course.id));
}

function textTable(name: string, columns: string, rows: Row[], numbers = ''): Table {
  const [texts, figures] = [columns, numbers].map((names) => names.split(' ').filter(Boolean));
  return {
    ...{ name, key: [], rows },
    columns: [
      ...texts.map((text) => column(text, 'string', 'C.')),
      ...figures.map((figure) => column(figure, 'double', 'N.')),
    ],
  };
}

test('a page loads nothing else, and its policy allows only its own script', () => {
  for (const page of [renderReport(sampleReport(4)), coursePage(sampleReport(4), 0)]) {
    assert.doesNotMatch(withoutScripts(page), /<link|<iframe|@import|url\((?!#)|(?:src|href)="https?:/i);
    const [script] = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text);
    const sha256 = createHash('sha256').update(script).digest('base64');
    assert.match(page, /default-src &#39;none&#39;|default-src 'none'/);
    assert.ok(page.includes(`sha256-${sha256}`), 'the policy names the script of the page');
  }
});

test('pages are well formed', () => {
  assert.deepEqual(misnested(renderReport(sampleReport(12))), []);
  assert.deepEqual(misnested(coursePage(sampleReport(12), 3)), []);
});

test('the same input gives the same pages', () => {
  assert.equal(renderReport(sampleReport(5)), renderReport(sampleReport(5)));
  assert.equal(coursePage(sampleReport(5), 2), coursePage(sampleReport(5), 2));
});

test('any data are shown as text, never run as markup', () => {
  const input = sampleReport(2);
  const attack = `"></script><script>alert('x')</script><img src=x onerror=y>`;
  for (const table of input.tables) {
    for (const row of table.rows) {
      for (const key of Object.keys(row))
        if (typeof row[key] === 'string' && key !== 'course_id' && !row[key].startsWith('[')) row[key] += attack;
    }
  }
  const hostile = { ...input, title: attack, config: attack, provenance: [{ label: attack, value: attack }] };
  const course = coursesOf(hostile)[0];
  const roi = { structureSetUid: attack, roiNumber: 1, roiName: attack, source: attack, path: 'M0 0Z' };
  const overlay = { doseUid: attack, referenceGy: 70, wash: '', isodoses: [{ doseGy: 70, path: 'M0 0Z' }] };
  const picture = {
    ...{ plane: 'axial' as const, reasons: [attack], positionMm: 0, width: 2, height: 2, pixelMm: 1, image: '' },
    ...{ doses: [overlay], outlines: [roi] },
  };
  const image = {
    seriesUid: attack,
    modality: attack,
    grey: { unit: 'HU' as const },
    pictures: [picture],
    notes: [attack],
  };
  const details = { ...NO_DETAILS, pictures: { images: [image] }, names: { [attack]: attack } };
  for (const page of [renderReport(hostile), renderCourse(course, hostile, details)]) {
    assert.equal(
      [...page.matchAll(/<script/g)].length,
      [...page.matchAll(/<script>|<script type="application\/json"/g)].length,
    );
    assert.equal([...page.matchAll(/<script>/g)].length, 1);
    assert.doesNotMatch(withoutScripts(page), /<img src=x|alert\('x/);
    assert.deepEqual(misnested(page), []);
  }
});

test('what needs attention comes first and names every course, however many', () => {
  const input = sampleReport(500);
  const page = renderReport(input);
  assert.ok(page.indexOf('id="attention-list"') < page.indexOf('id="course-table"'));
  const { attention, courses } = dataOf<CoursesData>(page, 'courses-data');
  const failed = attention.find(({ title }) => title === 'Stages that failed')!;
  const expected = input.tables.find(({ name }) => name === 'status')!.rows.filter(({ status }) => status === 'failed');
  assert.deepEqual(
    failed.entries.map(([course]) => courses[course].id).sort(),
    expected.map(({ course_id }) => course_id).sort(),
  );
  assert.deepEqual(failed.entries[0][2], ['radiomics: Slice 17 of the images is missing']);
  assert.equal(attention[0].severity, 'error');
});

test('failed goals, uncertain doses, rule-based images, structures and QC each need attention once', () => {
  const ids = { patient_id: 'P', course_id: 'c' };
  const roi = { roi_name: 'Cord', source: 'manual' };
  const page = renderReport({
    title: 'T',
    tables: [
      textTable('case_metadata', 'course_id planning_status dose_rule dose_confidence', [
        { ...ids, planning_status: 'stand_in', dose_rule: 'ambiguous_no_sum', dose_confidence: 'none' },
      ]),
      textTable('doses', 'course_id confidence', [{ ...ids, confidence: 'none' }]),
      textTable('goals', 'course_id goal result', [
        { ...ids, ...roi, goal: 'Cord Max < 45 Gy', result: 'fail', value: 52.8, unit: 'Gy' },
      ]),
      textTable('structures', 'course_id roi_name status', [{ ...ids, ...roi, status: 'failed', reason: 'no image' }]),
      textTable('dvh_metrics', 'course_id roi_name status', [{ ...ids, ...roi, status: 'outside_dose', reason: '' }]),
      textTable('qc', 'course_id check status', [{ ...ids, check: 'dose', status: 'FAIL', message: 'too hot' }]),
      textTable('findings', 'course_id code severity', [
        { ...ids, code: 'DOSE_IMPLAUSIBLE', severity: 'error', message: '9896 Gy', remedy: 'Look.' },
        { ...ids, code: 'NO_PLAN', severity: 'info', message: '' },
      ]),
      textTable('status', 'course_id stage status', [
        { ...ids, stage: 'dvh', status: 'partial', reason: 'one failed' },
      ]),
    ],
  });
  const { attention } = dataOf<CoursesData>(page, 'courses-data');
  assert.deepEqual(
    attention.map(({ severity, title, code, entries }) => [severity, code || title, entries[0][2]?.[0]]),
    [
      ['error', 'Clinical goals that fail', 'Cord Max < 45 Gy: Cord (manual) has 52.80 Gy'],
      ['error', 'Dose of the course: confidence none', 'undecided, not summed'],
      ['error', 'Structures without a mask: failed', 'Cord (manual): no image'],
      ['error', 'Quality control that fails', 'dose: too hot'],
      ['error', 'DOSE_IMPLAUSIBLE', '9896 Gy'],
      ['warning', 'Stages with missing results', undefined],
      ['warning', 'Planning image: another image stands in', undefined],
      ['warning', 'Structures without dose metrics: outside dose', undefined],
    ],
  );
});

test('the strips name the patients whose volume lies far from the others', () => {
  const volumes = [50, 51, 52, 53, 54, 55, 56, 57, 500];
  const ids = volumes.map((_, n) => ({ patient_id: `P${n}`, course_id: `c${n}` }));
  const page = renderReport({
    title: 'T',
    tables: [
      textTable('case_metadata', 'course_id', ids),
      textTable(
        'dvh_metrics',
        'course_id roi_name status Volume[cc]',
        ids.map((id, n) => ({ ...id, roi_name: 'Rectum', source: 'manual', status: 'ok', 'Volume[cc]': volumes[n] })),
      ),
    ],
  });
  assert.match(page, /<b>far off<\/b> P8</);
  assert.equal(page.match(/class="out"/g)?.length, 1);
});

test('quality control shows first what fails', () => {
  const page = coursePage(sampleReport(8), 3);
  const part = page.slice(page.indexOf('id="quality"'));
  const verdicts = [...part.matchAll(/<li><span class="chip \w+">(\w+)/g)].map(([, verdict]) => verdict);
  const order = ['FAIL', 'WARNING', 'PASS', 'SKIP'];
  assert.ok(verdicts.length > 2);
  assert.deepEqual(
    verdicts,
    verdicts.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
});

test('features without a verdict say why, where there are any', () => {
  const input = sampleReport(4);
  assert.doesNotMatch(renderReport(input), /Not evaluable: only one course/);
  const { rows } = input.tables.find(({ name }) => name === 'robustness_summary')!;
  rows.push({ ...rows[0], roi_name: 'PTV', icc: null, robustness_label: 'not_evaluable' });
  assert.match(renderReport(input), /Not evaluable: only one course/);
});

test('every course is in the table with its structures and goals', () => {
  const { courses, structures, goals } = dataOf<CoursesData>(renderReport(sampleReport(8)), 'courses-data');
  assert.equal(courses.length, 8);
  const letterOf = (name: string) => courses[0].structureLetters[structures.indexOf(name)];
  assert.equal(letterOf('Rectum'), 'o');
  assert.equal(letterOf('Bag_Bowel'), 'x');
  assert.equal(courses[0].goalLetters[goals.indexOf('Rectum V70Gy < 20 %')], 'p');
  assert.deepEqual([courses[0].structuresOk, courses[0].structuresAll], [9, 11]);
});

test('the page of a course names the objects behind its dose by label, not by UID', () => {
  const page = coursePage(sampleReport(8), 0);
  assert.ok(page.includes('28 of 28 fractions of plan “PROST_SIB” are recorded'));
  assert.ok(page.includes('the boost has no treatment record'));
  for (const status of ['empty', 'skipped by rule']) assert.ok(page.includes(`>${status}<`));
});

test('a course with only a status is listed', () => {
  const failed = { patient_id: 'P', course_id: 'c1', stage: 'structures', status: 'failed', reason: 'no memory' };
  const page = renderReport({
    title: 'T',
    tables: [textTable('status', 'patient_id course_id stage status reason', [failed])],
  });
  assert.match(page, /<b>1<\/b><span>failed/);
  assert.ok(page.includes('no memory'));
});

test('a stage that ran for no course leaves courses complete; one that ran for others does not', () => {
  const row = (course_id: string, stage: string, status: string) => ({ course_id, stage, status });
  const rows = [
    row('a', 'dvh', 'ok'),
    row('a', 'robustness', 'not_run'),
    row('b', 'dvh', 'not_run'),
    row('b', 'robustness', 'not_run'),
  ];
  const page = renderReport({ title: 'T', tables: [textTable('status', 'course_id stage status', rows)] });
  assert.match(page, /<b>1<\/b><span>done/);
  assert.match(page, /and 1 incomplete/);
});

test('without any table the page is still written', () => {
  assert.match(renderReport({ title: 'Empty', tables: [] }), /No course was found/);
});

test('across the cohort a structure counts each course once, with drawn and found ones apart', () => {
  const input = sampleReport(4);
  const dvh = input.tables.find(({ name }) => name === 'dvh_metrics')!;
  const found = dvh.rows.map((row) => ({ ...row, source: 'totalsegmentator' }));
  const page = renderReport({
    ...input,
    tables: [...input.tables.filter((table) => table !== dvh), { ...dvh, rows: [...dvh.rows, ...found, ...found] }],
  });
  const across = page.slice(page.indexOf('<h2>Volumes and doses')).split('</section>', 1)[0];
  const lines = [...across.matchAll(/<tr><td>BODY<\/td><td>(\w+)<\/td><td class="n">(\d+)</g)].map(
    ([, source, courses]) => [source, courses],
  );
  const withBody = new Set(dvh.rows.filter(({ roi_name }) => roi_name === 'BODY').map(({ course_id }) => course_id));
  const courses = String(withBody.size);
  assert.deepEqual(lines, [
    ['manual', courses],
    ['totalsegmentator', courses],
  ]);
});

test('two structure sets on two doses give four rows and four curves, each with its own name', () => {
  const rois = ['1.2.3.1234561', '1.2.3.1234562'].flatMap((structure_set_uid) =>
    ['2.5.8.1234563', '2.5.8.1234564'].map((dose_uid) => ({
      ...{ course_id: 'c', structure_set_uid, roi_number: 1, roi_name: 'PTV', source: 'manual', dose_uid },
      primary: structure_set_uid.endsWith('1'),
    })),
  );
  const points = [0, 10].map((dose) => ({ 'dose[Gy]': dose, 'volume[cc]': 10 - dose, 'volume[%]': 100 - 10 * dose }));
  const ids = 'course_id structure_set_uid roi_name source dose_uid status';
  const metrics = rois.map((roi) => ({ ...roi, status: 'ok', 'Mean[Gy]': 5 }));
  const input = { title: 'T', tables: [textTable('dvh_metrics', ids, metrics, 'Mean[Gy]')] };
  const curves = rois.flatMap((roi) => points.map((point) => ({ ...roi, ...point })));
  const page = renderCourse(coursesOf(input)[0], input, { ...NO_DETAILS, curves });
  const data = dataOf<DvhData>(page, 'dvh-data');
  assert.deepEqual(data.curves.map(({ label }) => label).sort(), [
    'PTV (….1234561 primary, ….1234563)',
    'PTV (….1234561 primary, ….1234564)',
    'PTV (….1234562, ….1234563)',
    'PTV (….1234562, ….1234564)',
  ]);
  assert.equal(new Set(data.curves.map(({ structure }) => structure)).size, 2);
  assert.deepEqual(
    data.curves.filter(({ isShown }) => isShown).map(({ label }) => label),
    ['PTV (….1234561 primary, ….1234563)'],
  );
  assert.match(page, /<th scope="col">Structure set<\/th><th scope="col">Dose<\/th>/);
});

test('a goal on a dose or a volume is a point in the chart of its structure', () => {
  const input = sampleReport(3);
  const page = coursePage(input, 0);
  const rectum = dataOf<DvhData>(page, 'dvh-data').curves.find(({ label }) => label === 'Rectum')!;
  assert.deepEqual(
    rectum.goals.map(({ doseGy, volumePct }) => [doseGy, volumePct]),
    [[70, 20]],
  );
});

test('a finding with a position shows where it is', () => {
  const input = sampleReport(2);
  const course = coursesOf(input)[0];
  const row = { patient_id: course.patientId, course_id: course.id, code: 'STRUCTURE_ISLANDS', severity: 'warning' };
  const place = { position_x_mm: 12.04, position_y_mm: -30.5, position_z_mm: 45 };
  const columns = 'course_id code severity message remedy stage';
  const findings = textTable('findings', columns, [
    { ...row, ...place, message: '2 pieces', remedy: 'Look.', stage: 'qc' },
    { ...row, code: 'PLAN_NOT_APPROVED', message: 'not approved', remedy: 'Ask.', stage: 'qc' },
  ]);
  const found = { ...input, tables: [...input.tables.filter(({ name }) => name !== 'findings'), findings] };
  const page = renderCourse(coursesOf(found)[0], found, NO_DETAILS);
  const shown = withoutScripts(page);
  const list = shown.slice(shown.indexOf('<section id="findings"'));
  assert.match(list, /2 pieces <span class="place">x 12\.0, y −30\.5, z 45\.0 mm<\/span>/);
  assert.match(list, /not approved<\/div>/);
});
