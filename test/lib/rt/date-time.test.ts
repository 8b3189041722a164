import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysBetween, isoDate, isoTime } from '#lib/rt/date-time.ts';

test('exported dates in every form become YYYY-MM-DD, and impossible dates become empty', () => {
  const cases = {
    '20240229': '2024-02-29',
    '2024.02.29': '2024-02-29',
    '2024-02-29': '2024-02-29',
    '29-02-2024': '2024-02-29',
    ' 20240301 ': '2024-03-01',
    '20230229': '',
    '20241301': '',
    '20240100': '',
    '00010101': '0001-01-01',
    '1901': '',
    '': '',
    unknown: '',
  };
  for (const [text, iso] of Object.entries(cases)) assert.equal(isoDate(text), iso, text);
});

test('times become HH:MM:SS', () => {
  const cases = {
    '081530.25': '08:15:30',
    '0815': '08:15:00',
    '08': '08:00:00',
    '08:15:30': '08:15:30',
    '2561': '',
    '': '',
  };
  for (const [text, iso] of Object.entries(cases)) assert.equal(isoTime(text), iso, text);
});

test('day counts include leap days and cross years', () => {
  assert.equal(daysBetween('2024-02-28', '2024-03-01'), 2);
  assert.equal(daysBetween('2024-12-31', '2025-01-01'), 1);
  assert.ok(Number.isNaN(daysBetween('', '2025-01-01')));
});
