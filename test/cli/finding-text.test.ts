import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countedText, countFindings, findingText, type PlacedFinding } from '../../cli/finding-text.ts';

const FOUND: PlacedFinding[] = [
  { code: 'AT_IMAGE_BORDER', course: 'a', message: 'reaches the last slice' },
  { code: 'MISSING_SLICES', course: 'a', message: '2 slices are missing' },
  { code: 'MISSING_SLICES', course: 'b', message: '1 slice is missing' },
  { code: 'MISSING_SLICES', course: 'b', message: '9 slices are missing' },
  { code: 'FILES_UNREADABLE', course: '', message: '1 file, such as: cut off' },
  { code: 'DOSE_UNDECIDED', course: 'b', message: 'two plans' },
];

test('findings are counted by code, most severe first', () => {
  assert.deepEqual(
    countFindings(FOUND).map(({ code, findings, courses }) => [code, findings, courses]),
    [
      ['DOSE_UNDECIDED', 1, 1],
      ['MISSING_SLICES', 3, 2],
      ['FILES_UNREADABLE', 1, 0],
      ['AT_IMAGE_BORDER', 1, 1],
    ],
  );
});

test('the summary explains errors and warnings, and only counts infos', () => {
  const text = countedText(countFindings(FOUND)).join('\n');
  assert.match(text, /^Findings: 1 errors, 4 warnings, 1 infos\./);
  assert.match(text, /error +DOSE_UNDECIDED +1 +The files do not say/);
  assert.match(text, /warning +MISSING_SLICES +2 +Slices are missing/);
  assert.doesNotMatch(text, /AT_IMAGE_BORDER/);
  assert.deepEqual(countedText([]), ['Findings: 0 errors, 0 warnings, 0 infos.']);
});

test('each error and warning is printed with its course and a remedy', () => {
  const lines = findingText(FOUND);
  assert.equal(
    lines[0],
    'error DOSE_UNDECIDED: The files do not say which dose was given: all candidates are evaluated, each with its own rows.',
  );
  assert.deepEqual(lines.slice(1, 3), ['  b: two plans', '  What to do: Name the dose in dose_override.yaml.']);
  assert.ok(lines.includes('  upload: 1 file, such as: cut off'));
});
