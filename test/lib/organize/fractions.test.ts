import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import { fractionsTable } from '#lib/organize/organize-tables.ts';
import {
  dose,
  imageSeries,
  options,
  plan,
  sessions,
  structureSet,
  treatmentRecord,
} from '#test/fixtures/index-rows.ts';

function course(records: IndexRow[]) {
  return organize([...imageSeries(), structureSet(), plan(), dose(), ...records], options).courses[0];
}

test('only treatment records are fractions: a plan, a dose and a structure set with dates are none', () => {
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

test('two fractions of one day stay two', () => {
  const { fractions } = course([
    treatmentRecord({ uid: 'a', fraction: 1, time: '08:00:00' }),
    treatmentRecord({ uid: 'b', fraction: 2, time: '16:00:00' }),
  ]);
  assert.deepEqual(
    fractions.map((f) => f.number),
    [1, 2],
  );
});

test('without numbers the fraction is the rank of the day', () => {
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

test('a session of set-up fields alone is no fraction', () => {
  assert.deepEqual(course([treatmentRecord({ uid: 'a', deliveryType: 'SETUP' })]).fractions, []);
});

test('the table has a row for each fraction, with the sources of its columns', () => {
  const table = fractionsTable([course(sessions('plan', 3, 11))]);
  assert.equal(table.rows.length, 3);
  assert.equal(table.rows[0].treatment_date, '2024-03-11');
  assert.equal(table.rows[0].patient_id, 'patient');
  assert.equal(table.columns.find((c) => c.name === 'fraction_number')?.source, '(3008,0022)');
});
