import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { ageAtStudy, coarseAge } from '#lib/deidentify/age.ts';
import { shiftTemporal } from '#lib/deidentify/dates.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { isUid } from '#lib/dicom/uid.ts';
import { dataSetOf } from '#test/fixtures/data-sets.ts';

test('dates move, times stay, and incomplete dates are removed instead of guessed', () => {
  const cases: [value: string, vr: string, days: number, shifted: string | undefined][] = [
    ['20240301', 'DA', -1, '20240229'],
    ['20000101', 'DA', -365, '19990101'],
    ['1999.12.31', 'DA', 1, '2000.01.01'],
    ['20240301103000.250000+0100', 'DT', -7, '20240223103000.250000+0100'],
    ['20240301', 'DT', -7, '20240223'],
    ['103000.25', 'TM', -7, '103000.25'],
    ['', 'DA', -7, ''],
    ['202403', 'DT', -7, undefined],
    ['20240231', 'DA', -7, undefined],
    ['20240101-20240201', 'DA', -7, undefined],
    ['20240301 Miller', 'DT', -7, undefined],
    ['noon', 'TM', -7, undefined],
  ];
  for (const [value, vr, days, shifted] of cases) assert.equal(shiftTemporal(value, vr, days), shifted, value);
});

test('ages above 89 share one value, and the age stays when the birth date is removed', () => {
  assert.deepEqual(['045Y', '089Y', '090Y', '103Y', '011M'].map(coarseAge), ['045Y', '089Y', '090Y', '090Y', '011M']);
  const cases = [
    ['19500615', '20230614', undefined, '072Y'],
    ['19500615', '20230615', undefined, '073Y'],
    ['19200615', '20230615', undefined, '090Y'],
    ['19500615', '20230615', '073Y', undefined],
    ['', '20230615', undefined, undefined],
  ];
  for (const [PatientBirthDate, StudyDate, PatientAge, age] of cases)
    assert.equal(ageAtStudy(dataSetOf({ PatientBirthDate, StudyDate, PatientAge })), age);
});

test('pseudonyms depend only on the key, and another key gives others', () => {
  const keyed = (key: string) => pseudonyms((text) => createHmac('sha256', key).update(text).digest());
  const [first, again, other] = ['a', 'a', 'b'].map(keyed);
  assert.equal(first.uid('1.2.3'), again.uid('1.2.3'));
  assert.notEqual(first.uid('1.2.3'), other.uid('1.2.3'));
  assert.notEqual(first.uid('1.2.3'), first.uid('1.2.4'));
  assert.ok(isUid(first.uid('1.2.3')));
  assert.equal(first.uid('1.2.840.10008.1.2.1'), '1.2.840.10008.1.2.1');
  assert.notEqual(first.uid('1.2.840.100081.1'), '1.2.840.100081.1');
  assert.match(first.patient('817'), /^P-[0-9a-f]{32}$/);
  assert.notEqual(first.patient('817'), other.patient('817'));
  const shifts = Array.from({ length: 200 }, (_, i) => first.shiftDays(`patient ${i}`));
  assert.ok(shifts.every((days) => days % 7 === 0 && days <= -364 && days > -3660));
  assert.ok(new Set(shifts).size > 100);
});
