import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { DEFAULT_OPTIONS, PROFILE_OPTIONS, type ProfileOption } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { readDataSet, readLayout } from '#lib/dicom/read.ts';
import { canary, identifyingObject, TABLE_ROWS, type TableRow } from '#test/fixtures/identifying-object.ts';

const NAMES = pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest());
const ORIGINAL = identifyingObject();

const OPTION_SETS: ProfileOption[][] = [
  [],
  ...(Object.keys(PROFILE_OPTIONS) as ProfileOption[]).map((option) => [option]),
  [...DEFAULT_OPTIONS],
  ['uids', 'device', 'institution', 'patient-characteristics', 'full-dates', 'descriptors', 'safe-private'],
];

/** What the standard lets become of an element under an action of the basic profile (PS3.15 section E.1.1). */
const PERMITTED: Record<string, string[]> = {
  X: ['absent'],
  Z: ['empty', 'replaced'],
  D: ['replaced'],
  U: ['replaced'],
  'X/Z': ['absent', 'empty', 'replaced'],
  'X/D': ['absent', 'replaced'],
  'X/Z/D': ['absent', 'empty', 'replaced'],
  'Z/D': ['empty', 'replaced'],
  'X/Z/U*': ['absent', 'empty', 'replaced'],
};

test('the table has all rows of PS3.15 2024b, counted by action of the basic profile', () => {
  const counts: Record<string, number> = {};
  for (const { basic } of TABLE_ROWS) counts[basic] = (counts[basic] ?? 0) + 1;
  // 621 rows; without five of groups 0000, 0002 and 0004, which no data set holds.
  assert.equal(TABLE_ROWS.length, 617);
  assert.deepEqual(counts, { X: 383, 'X/D': 22, 'X/Z/D': 8, U: 51, Z: 42, D: 92, 'X/Z': 11, 'X/Z/U*': 2, 'Z/D': 6 });
});

for (const options of OPTION_SETS)
  test(`each of the ${TABLE_ROWS.length} attributes is changed as the table says, with ${options.join(', ') || 'no option'}`, () => {
    const outcomes = outcomesOf(written(ORIGINAL, options));
    const wrong = TABLE_ROWS.filter((row) => !permitted(row, options).includes(outcomes.get(row) as string));
    assert.deepEqual(
      wrong.map((row) => [row.keyword, outcomes.get(row), permitted(row, options)]),
      [],
    );
  });

for (const options of OPTION_SETS)
  test(`the bytes contain no value or UID that must be removed, with ${options.join(', ') || 'no option'}`, () => {
    const bytes = Buffer.from(written(ORIGINAL, options)).toString('latin1');
    const gone = TABLE_ROWS.filter((row) => row.vr !== 'AS' && !keeps(row, options) && !isKeptTime(row, options));
    assert.deepEqual(
      gone.filter((row) => bytes.includes(canary(row))).map(({ keyword }) => keyword),
      [],
    );
    if (!options.includes('uids') && !options.includes('device')) assert.doesNotMatch(bytes, /1\.2\.3\.4444/);
    assert.doesNotMatch(bytes, /QZSENDERXJ|QZOWNERXJ/);
  });

test('the object records its de-identification with the codes of CID 7050', () => {
  const dataSet = readDataSet(written(ORIGINAL, ['modified-dates', 'descriptors']));
  assert.equal(dataSet.text('PatientIdentityRemoved'), 'YES');
  assert.match(dataSet.text('DeidentificationMethod'), /^rtpipeline .*PS3\.15/);
  assert.equal(dataSet.text('LongitudinalTemporalInformationModified'), 'MODIFIED');
  assert.deepEqual(
    dataSet
      .items('DeidentificationMethodCodeSequence')
      .map((item) => [item.text('CodeValue'), item.text('CodingSchemeDesignator'), item.text('CodeMeaning')]),
    [
      ['113100', 'DCM', 'Basic Application Confidentiality Profile'],
      ['113105', 'DCM', 'Clean Descriptors Option'],
      ['113107', 'DCM', 'Retain Longitudinal Temporal Information Modified Dates Option'],
    ],
  );
  for (const [options, told] of [
    [[], 'REMOVED'],
    [['full-dates'], 'UNMODIFIED'],
  ] as [ProfileOption[], string][])
    assert.equal(readDataSet(written(ORIGINAL, options)).text('LongitudinalTemporalInformationModified'), told);
});

test('all dates of a patient move by the same whole number of weeks, and times of day stay', () => {
  const before = readDataSet(ORIGINAL);
  const after = readDataSet(written(ORIGINAL, ['modified-dates']));
  const shifts = new Set(
    (['StudyDate', 'SeriesDate', 'RTPlanDate', 'TreatmentDate'] as const).map(
      (keyword) => (dayOf(after.text(keyword)) - dayOf(before.text(keyword))) / 86_400_000,
    ),
  );
  const [days] = shifts;
  assert.equal(shifts.size, 1);
  assert.ok(days <= -364 && days >= -3650 && days % 7 === 0, `${days} days`);
  assert.equal(after.text('StudyTime'), before.text('StudyTime'));
});

function written(file: Uint8Array, options: ProfileOption[]): Uint8Array {
  const outcome = deidentify(file, {
    options: new Set(options),
    pseudonyms: NAMES,
    allowedNames: [],
    allowBurnedIn: false,
  });
  assert.equal(outcome.kind, 'written');
  return outcome.bytes;
}

function outcomesOf(file: Uint8Array): Map<TableRow, string> {
  const original = readLayout(ORIGINAL).layout;
  const { layout } = readLayout(file);
  const field = ({ bytes, elements }: typeof layout, tag: string) =>
    elements[tag] &&
    Buffer.from(bytes.subarray(elements[tag].dataOffset, elements[tag].dataOffset + elements[tag].length));
  return new Map(
    TABLE_ROWS.map((row) => {
      const [before, after] = [field(original, row.tag), field(layout, row.tag)];
      if (!after) return [row, 'absent'];
      if (after.length === 0) return [row, 'empty'];
      return [row, after.equals(before as Buffer) ? 'same' : 'replaced'];
    }),
  );
}

function letters(options: ProfileOption[]): string[] {
  return options.map((option) => PROFILE_OPTIONS[option].letter);
}

function keeps(row: TableRow, options: ProfileOption[]): boolean {
  return letters(options).some((letter) => row.options[letter] === 'K');
}

function isKeptTime({ vr, keyword, options: own }: TableRow, options: ProfileOption[]): boolean {
  return (vr === 'TM' || keyword === 'TimezoneOffsetFromUTC') && own.m === 'C' && options.includes('modified-dates');
}

function permitted(row: TableRow, options: ProfileOption[]): string[] {
  if (keeps(row, options)) return row.vr === 'SQ' ? ['same', 'replaced'] : ['same'];
  if (isKeptTime(row, options)) return ['same', ...PERMITTED[row.basic]];
  const isCleaned = letters(options).some((letter) => row.options[letter] === 'C');
  if (isCleaned && /^(DA|DT)$/.test(row.vr))
    return options.includes('modified-dates') ? ['replaced'] : PERMITTED[row.basic];
  if (isCleaned) return ['replaced', ...PERMITTED[row.basic]];
  // RT Plan Date is X/D and of type 2 in plans: empty is what type 2 asks for, and no made-up date.
  return row.basic === 'X/D' && /^(DA|DT|TM)$/.test(row.vr) ? ['empty'] : PERMITTED[row.basic];
}

function dayOf(date: string): number {
  return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`);
}
