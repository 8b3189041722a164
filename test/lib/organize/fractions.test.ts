import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { fractionsTable } from '#lib/organize/organize-tables.ts';
import { countFractions } from '#lib/rt/course.ts';
import {
  dose,
  imageSeries,
  options,
  plan,
  sessions,
  structureSet,
  treatmentRecord,
  treatmentSummary,
} from '#test/fixtures/index-rows.ts';

function course(records: IndexRow[]) {
  return organize([...imageSeries(), structureSet(), plan(), dose(), ...records], options).courses[0];
}

test('only treatment records are fractions; dated plans, doses and structure sets are not', () => {
  assert.deepEqual(course([]).fractions, []);
  assert.equal(course([]).endDate, '');
  assert.equal(course([]).startDate, '2024-03-10');
});

test('records give the fractions and the dates of the course', () => {
  const { fractions, startDate, endDate } = course(sessions('plan', 5, 11));
  assert.deepEqual(
    fractions.map((f) => [f.number, f.date]),
    [
      [1, '2024-03-11'],
      [2, '2024-03-12'],
      [3, '2024-03-13'],
      [4, '2024-03-14'],
      [5, '2024-03-15'],
    ],
  );
  assert.deepEqual([startDate, endDate], ['2024-03-11', '2024-03-15']);
});

test('records of one fraction are merged: times from first to last, doses and metersets added', () => {
  const { fractions } = course([
    treatmentRecord({ uid: 'a', fraction: 7, time: '10:00:00', doseGy: 1, meterset: 100 }),
    treatmentRecord({ uid: 'b', fraction: 7, time: '10:05:00', doseGy: 0.5, meterset: 50 }),
    treatmentRecord({ uid: 'c', time: '10:09:00', doseGy: 0.5, meterset: 50 }),
  ]);
  assert.equal(fractions.length, 1, 'a record without a number joins the fraction of its day');
  assert.deepEqual(fractions[0], {
    planUid: 'plan',
    groupNumber: null,
    continuesFraction: false,
    source: 'records',
    number: 7,
    numberSource: 'recorded',
    date: '2024-03-20',
    startTime: '10:00:00',
    endTime: '10:09:00',
    machines: ['Linac'],
    deliveredDoseGy: 2,
    deliveredMeterset: 200,
    recordUids: ['a', 'b', 'c'],
  });
});

test('two fractions on one day stay separate', () => {
  const { fractions } = course([
    treatmentRecord({ uid: 'a', fraction: 1, time: '08:00:00' }),
    treatmentRecord({ uid: 'b', fraction: 2, time: '16:00:00' }),
  ]);
  assert.deepEqual(
    fractions.map((f) => f.number),
    [1, 2],
  );
});

test('without fraction numbers the rank of the day is used', () => {
  const { fractions } = course([
    treatmentRecord({ uid: 'a', date: '2024-03-22' }),
    treatmentRecord({ uid: 'b', date: '2024-03-20' }),
    treatmentRecord({ uid: 'c', date: '2024-03-22' }),
  ]);
  assert.deepEqual(
    fractions.map((f) => [f.number, f.date, f.numberSource]),
    [
      [1, '2024-03-20', 'rank_of_date'],
      [2, '2024-03-22', 'rank_of_date'],
    ],
  );
});

test('a record without a date keeps its fraction, has no date, and hides none of the others', () => {
  const { fractions, findings } = course([
    treatmentRecord({ uid: 'a', date: '', fraction: 1 }),
    treatmentRecord({ uid: 'b', date: '2024-03-21', fraction: 2 }),
    treatmentRecord({ uid: 'c', date: '' }),
  ]);
  assert.deepEqual(
    fractions.map((f) => [f.number, f.date]),
    [
      [2, '2024-03-21'],
      [1, ''],
      [null, ''],
    ],
  );
  assert.deepEqual(
    findings.filter((f) => f.code === 'RECORD_WITHOUT_DATE').map((f) => f.where),
    ['a', 'c'],
  );
});

test('a session of set-up fields alone is not a fraction', () => {
  assert.deepEqual(course([treatmentRecord({ uid: 'a', deliveryType: 'SETUP' })]).fractions, []);
});

test('the table has a row for each fraction, with the sources of its columns', () => {
  const table = fractionsTable([course(sessions('plan', 3, 11))]);
  assert.equal(table.rows.length, 3);
  assert.equal(table.rows[0].treatment_date, '2024-03-11');
  assert.equal(table.rows[0].patient_id, 'patient');
  assert.equal(table.columns.find((c) => c.name === 'fraction_number')?.source, '(3008,0022)');
});

/** Group, number, day and whether it continues, of each fraction. */
function listed(records: IndexRow[]) {
  return course(records).fractions.map((f) => [f.groupNumber, f.number, f.date.slice(5), f.continuesFraction]);
}

function codes(records: IndexRow[]): string[] {
  return course(records)
    .findings.map((found) => found.code)
    .filter((code) => /FRACTION|SUMMARY/.test(code));
}

function count(records: IndexRow[]): number {
  return countFractions(course(records).fractions);
}

const day = (n: number) => `2024-03-${String(n).padStart(2, '0')}`;

test('a fraction number counts within its fraction group: two groups of three are six', () => {
  const records = [1, 2].flatMap((group) =>
    [1, 2, 3].map((fraction) =>
      treatmentRecord({ uid: `${group}.${fraction}`, group, fraction, date: day(10 * group + fraction) }),
    ),
  );
  assert.equal(count(records), 6);
  assert.deepEqual(listed(records)[3], [2, 1, '03-21', false]);
});

test('two groups on one day, such as an electron boost after photons, are two fractions', () => {
  const records = [1, 2].map((group) => treatmentRecord({ uid: `${group}`, group, fraction: 4, time: '10:00:00' }));
  assert.deepEqual(
    listed(records).map(([group, number]) => [group, number]),
    [
      [1, 4],
      [2, 4],
    ],
  );
});

test('records without a fraction group belong to the only group', () => {
  const records = [
    treatmentRecord({ uid: 'a', group: 1, fraction: 4, time: '10:00:00' }),
    treatmentRecord({ uid: 'b', fraction: 4, time: '10:05:00' }),
  ];
  assert.equal(count(records), 1);
});

test('each fraction in a record of several counts', () => {
  const beams = [1, 2, 3].map((fractionNumber) => ({ number: 1, fractionNumber, deliveredMeterset: 100 }));
  const { fractions } = course([treatmentRecord({ uid: 'a', beams })]);
  assert.deepEqual(
    fractions.map((f) => [f.number, f.deliveredMeterset, f.recordUids]),
    [
      [1, 100, ['a']],
      [2, 100, ['a']],
      [3, 100, ['a']],
    ],
  );
});

test('beams of two fractions in two records are combined by fraction number', () => {
  const record = (uid: string, number: number) =>
    treatmentRecord({
      uid,
      beams: [1, 2].map((fractionNumber) => ({ number, fractionNumber, deliveredMeterset: 10 * number })),
    });
  assert.deepEqual(
    course([record('a', 1), record('b', 2)]).fractions.map((f) => [f.number, f.deliveredMeterset]),
    [
      [1, 30],
      [2, 30],
    ],
  );
});

test('metersets of set-up fields do not count', () => {
  const beams = [
    { number: 9, deliveryType: 'SETUP', deliveredMeterset: 3 },
    { number: 1, deliveredMeterset: 100 },
  ];
  assert.equal(course([treatmentRecord({ uid: 'a', fraction: 1, beams })]).fractions[0].deliveredMeterset, 100);
});

test('two sessions a day without numbers are two fractions when hours lie between them', () => {
  const at = (uid: string, time: string) => treatmentRecord({ uid, time });
  assert.equal(count([at('a', '08:00:00'), at('b', '14:30:00')]), 2);
  assert.equal(count([at('a', '08:00:00'), at('b', '08:20:00')]), 1);
});

test('a fraction interrupted and completed on another day is one fraction of two sessions', () => {
  const part = (
    uid: string,
    date: string,
    deliveredMeterset: number,
    terminationStatus: string,
    deliveryType: string,
  ) =>
    treatmentRecord({
      uid,
      date,
      beams: [{ fractionNumber: 7, specifiedMeterset: 100, deliveredMeterset, terminationStatus, deliveryType }],
    });
  const broken = part('a', day(20), 40, 'MACHINE', 'TREATMENT');
  for (const type of ['TREATMENT', 'CONTINUATION']) {
    const records = [broken, part('b', day(21), 60, 'NORMAL', type)];
    assert.equal(count(records), 1);
    assert.deepEqual(listed(records), [
      [null, 7, '03-20', false],
      [null, 7, '03-21', true],
    ]);
    assert.deepEqual(
      course(records).fractions.map((f) => f.deliveredMeterset),
      [40, 60],
    );
  }
});

test('remaining beams on another day complete the fraction', () => {
  const record = (uid: string, date: string, number: number) =>
    treatmentRecord({ uid, date, beams: [{ number, fractionNumber: 7, deliveredMeterset: 100 }] });
  assert.equal(count([record('a', day(20), 1), record('b', day(21), 2)]), 1);
});

test('a fraction recorded in full again counts again, with a finding', () => {
  const otherDay = [20, 21].map((n) => treatmentRecord({ uid: `${n}`, date: day(n), fraction: 7, meterset: 100 }));
  assert.deepEqual([count(otherDay), codes(otherDay)], [2, ['FRACTION_REPEATED']]);
  const sameDay = ['08:00:00', '15:00:00'].map((time, n) => treatmentRecord({ uid: `${n}`, time, fraction: 7 }));
  assert.deepEqual([count(sameDay), codes(sameDay)], [2, ['FRACTION_REPEATED']]);
});

test('a make-up fraction on a Saturday keeps its number and its place by date', () => {
  const records = [
    treatmentRecord({ uid: 'a', date: day(8), fraction: 5 }),
    treatmentRecord({ uid: 'b', date: day(9), fraction: 11 }),
    treatmentRecord({ uid: 'c', date: day(11), fraction: 6 }),
  ];
  assert.deepEqual(
    listed(records).map(([, number]) => number),
    [5, 11, 6],
  );
  assert.deepEqual(codes(records), []);
});

test('a treatment summary with a billion or negative fractions is reported and gives no rows', () => {
  for (const fractionsDelivered of [1_000_000_000, -1, 1.5, Number.NaN]) {
    const named = [{ number: 1, date: day(4), time: '' }];
    const summary = treatmentSummary('s', [{ groupNumber: 1, fractionsDelivered, fractions: named }], [day(4), day(8)]);
    assert.equal(countFractions(course([summary]).fractions), 1);
    assert.deepEqual(codes([summary]), ['FRACTIONS_FROM_SUMMARY', 'FRACTION_COUNT_IMPOSSIBLE']);
  }
});

test('without sessions a treatment summary gives the number of fractions, their first and their last day', () => {
  const summary = treatmentSummary('s', [{ groupNumber: 1, fractionsDelivered: 5, fractions: [] }], [day(4), day(8)]);
  const { fractions, startDate, endDate } = course([summary]);
  assert.equal(countFractions(fractions), 5);
  assert.deepEqual([startDate, endDate], [day(4), day(8)]);
  assert.ok(fractions.every(({ source }) => source === 'summary'));
  assert.deepEqual(codes([summary]), ['FRACTIONS_FROM_SUMMARY']);
});

test('a summary that lists its fractions gives the day of each, group by group', () => {
  const named = [1, 2].map((number) => ({ number, date: day(3 + number), time: '' }));
  const groups = [
    { groupNumber: 1, fractionsDelivered: 2, fractions: named },
    { groupNumber: 2, fractionsDelivered: 1, fractions: [{ number: 1, date: day(8), time: '09:00:00' }] },
  ];
  assert.deepEqual(listed([treatmentSummary('s', groups, [day(4), day(8)])]), [
    [1, 1, '03-04', false],
    [1, 2, '03-05', false],
    [2, 1, '03-08', false],
  ]);
});

test('of two summaries the one that covers more is used', () => {
  const summary = (uid: string, fractionsDelivered: number, last: string) =>
    treatmentSummary(uid, [{ groupNumber: 1, fractionsDelivered, fractions: [] }], [day(4), last]);
  assert.equal(count([summary('a', 5, day(8)), summary('b', 10, day(15))]), 10);
});

test('recorded sessions override a summary, and a different count is reported', () => {
  const groups = (fractionsDelivered: number) => [{ groupNumber: 1, fractionsDelivered, fractions: [] }];
  const withSummary = (n: number) => [...sessions('plan', 3, 11), treatmentSummary('s', groups(n), [day(11), day(13)])];
  assert.deepEqual([count(withSummary(3)), codes(withSummary(3))], [3, []]);
  assert.deepEqual([count(withSummary(5)), codes(withSummary(5))], [3, ['SUMMARY_DIFFERS']]);
});
