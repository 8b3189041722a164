import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderReport } from '#lib/report/report.ts';
import { column, type Table } from '#lib/tables/table.ts';
import { sampleReport } from '#test/fixtures/report-input.ts';

const VOID = new Set(['meta', 'br']);

/** Tags that are closed in another order than they were opened. */
function misnested(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, selfClosing] of page
    .replace(/<style>.*?<\/style>/s, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (slash) {
      if (open.pop() !== name) wrong.push(name);
    } else if (!selfClosing && !VOID.has(name)) open.push(name);
  }
  return [...wrong, ...open];
}

test('the page needs nothing but itself', () => {
  const page = renderReport(sampleReport(4));
  assert.doesNotMatch(page, /<script|<link|<img|<iframe|@import|url\(|https?:/i);
});

test('the page is well formed', () => {
  assert.deepEqual(misnested(renderReport(sampleReport(12))), []);
});

test('the same input gives the same page', () => {
  assert.equal(renderReport(sampleReport(5)), renderReport(sampleReport(5)));
});

test('whatever the data hold is shown as text', () => {
  const input = sampleReport(2);
  const attack = `"><script>alert('x')</script><img src=x onerror=y>`;
  for (const table of input.tables) {
    for (const row of table.rows) {
      for (const key of Object.keys(row))
        if (typeof row[key] === 'string' && key !== 'course_id' && !row[key].startsWith('[')) row[key] += attack;
    }
  }
  const page = renderReport({
    ...input,
    title: attack,
    config: attack,
    provenance: [{ label: attack, value: attack }],
  });
  assert.doesNotMatch(page, /<script|<img/);
  assert.deepEqual(misnested(page), []);
});

test('what failed comes first, with its reason', () => {
  const page = renderReport(sampleReport(10));
  const failed = page.indexOf('Slice 17 of the images is missing');
  assert.ok(failed > 0 && failed < page.indexOf('<h2>Courses</h2>'));
  assert.match(page, /<b>9<\/b><span>done<\/span>/);
  assert.match(page, /<b>1<\/b><span>failed<\/span>/);
});

test('every course and every status of a structure is on the page', () => {
  const input = sampleReport(8);
  const page = renderReport(input);
  for (const { course_id } of input.tables[0].rows) assert.ok(page.includes(String(course_id)));
  for (const status of ['empty', 'skipped by rule']) assert.ok(page.includes(`>${status}<`));
  assert.ok(page.includes('the plan PROST_SIB is the only one of the course'));
  assert.ok(page.includes('the boost has no treatment record'));
});

test('a course of which there is only a status is not left out', () => {
  const status: Table = {
    name: 'status',
    key: ['course_id', 'stage'],
    columns: ['patient_id', 'course_id', 'stage', 'status', 'reason'].map((name) => column(name, 'string', 'S.')),
    rows: [{ patient_id: 'P', course_id: 'c1', stage: 'structures', status: 'failed', reason: 'no memory' }],
  };
  const page = renderReport({ title: 'T', tables: [status] });
  assert.match(page, /<b>1<\/b><span>failed/);
  assert.ok(page.includes('no memory'));
});

test('a stage that ran for no course does not make courses incomplete, one that ran for others does', () => {
  const row = (course_id: string, stage: string, status: string) => ({ course_id, stage, status });
  const status: Table = {
    name: 'status',
    key: ['course_id', 'stage'],
    columns: ['course_id', 'stage', 'status'].map((name) => column(name, 'string', 'S.')),
    rows: [
      row('a', 'dvh', 'ok'),
      row('a', 'robustness', 'not_run'),
      row('b', 'dvh', 'not_run'),
      row('b', 'robustness', 'not_run'),
    ],
  };
  const page = renderReport({ title: 'T', tables: [status] });
  assert.match(page, /<b>1<\/b><span>done/);
  assert.match(page, /and 1 incomplete/);
});

test('without any table there is still a page', () => {
  assert.match(renderReport({ title: 'Empty', tables: [] }), /No course was found/);
});

test('500 courses stay below 6 MB, and those that failed are all told in detail', () => {
  const input = sampleReport(500);
  const page = renderReport(input);
  assert.ok(page.length < 6e6, `${page.length} bytes`);
  const failed = new Set(
    (input.tables.find(({ name }) => name === 'status') as Table).rows
      .filter((row) => row.status === 'failed')
      .map((row) => row.course_id),
  );
  for (const id of failed) assert.ok(page.includes(`<code>${id}</code>`));
  assert.equal([...page.matchAll(/<article id=/g)].length, 200);
  assert.ok(page.includes('300 more courses in the tables'));
});

test('across the cohort, a structure counts each course once, and drawn and found ones are not mixed', () => {
  const input = sampleReport(4);
  const dvh = input.tables.find(({ name }) => name === 'dvh_metrics')!;
  const found = dvh.rows.map((row) => ({ ...row, source: 'totalsegmentator' }));
  const page = renderReport({
    ...input,
    tables: [...input.tables.filter((table) => table !== dvh), { ...dvh, rows: [...dvh.rows, ...found] }],
  });
  const across = page.slice(page.indexOf('Across the cohort')).split('</section>', 1)[0];
  const lines = [...across.matchAll(/<tr><td>BODY<\/td><td>(\w+)<\/td><td class="n">(\d+)</g)].map(
    ([, source, courses]) => [source, courses],
  );
  const courses = String(
    new Set(dvh.rows.filter(({ roi_name }) => roi_name === 'BODY').map(({ course_id }) => course_id)).size,
  );
  assert.deepEqual(lines, [
    ['manual', courses],
    ['totalsegmentator', courses],
  ]);
});

test('a structure of two sets on two doses is four rows and four curves, each with its own name', () => {
  const text = ['course_id', 'structure_set_uid', 'roi_name', 'source', 'dose_uid', 'status'];
  const ids = text.map((name) => column(name, 'string', 'C.'));
  const rois = ['1.2.3.1234561', '1.2.3.1234562'].flatMap((structure_set_uid) =>
    ['2.5.8.1234563', '2.5.8.1234564'].map((dose_uid) => ({
      ...{ course_id: 'c', structure_set_uid, roi_number: 1, roi_name: 'PTV', source: 'manual', dose_uid },
      primary: structure_set_uid.endsWith('1'),
    })),
  );
  const curve = [0, 10].map((dose) => ({ 'dose[Gy]': dose, 'volume[cc]': 10 - dose, 'volume[%]': 100 - 10 * dose }));
  const table = (name: string, rows: Table['rows'], numbers: string[]): Table => ({
    ...{ name, key: [], rows },
    columns: [...ids, ...numbers.map((number) => column(number, 'double', 'N.'))],
  });
  const page = renderReport({
    title: 'T',
    tables: [
      table(
        'dvh_metrics',
        rois.map((roi) => ({ ...roi, status: 'ok', 'Mean[Gy]': 5 })),
        ['Mean[Gy]'],
      ),
      table(
        'dvh_curves',
        rois.flatMap((roi) => curve.map((point) => ({ ...roi, ...point }))),
        ['dose[Gy]', 'volume[cc]', 'volume[%]'],
      ),
    ],
  });
  const names = [...page.matchAll(/<i class="b\d+"><\/i>(PTV [^<]+)</g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), [
    'PTV (….1234561 primary, ….1234563)',
    'PTV (….1234561 primary, ….1234564)',
    'PTV (….1234562, ….1234563)',
    'PTV (….1234562, ….1234564)',
  ]);
  assert.match(page, /<th>Structure set<\/th><th>Dose<\/th>/);
});
