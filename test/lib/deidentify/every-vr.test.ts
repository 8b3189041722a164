import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { deidentify } from '#lib/deidentify/deidentify.ts';
import { asciiValue } from '#lib/deidentify/dummies.ts';
import { elementHeader, itemHeader, joined, lengthOf } from '#lib/deidentify/encode.ts';
import { actionOf, DEFAULT_OPTIONS, PROFILE_OPTIONS, type ProfileOption, standardVr } from '#lib/deidentify/profile.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { writeDicom } from '#lib/dicom/write.ts';
import { ENCODINGS } from '#test/fixtures/identifying-object.ts';

/** All value representations of PS3.5 table 6.2-1 but SQ and PN, which has rules of its own. */
const VRS = 'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW SH SL SS ST SV TM UC UI UL UN UR US UT UV'.split(
  ' ',
);
/** Elements of group 0018 that PS3.6 knows and table E.1-1 leaves alone, one for each VR. */
const TAGS = Array.from({ length: 0x1000 }, (_, i) => `x0018${(0x9000 + i).toString(16)}`)
  .filter((tag) => standardVr(tag) !== undefined && standardVr(tag) !== 'SQ' && actionOf(tag, new Set()) === 'keep')
  .slice(0, VRS.length);
const [, EXPLICIT] = ENCODINGS[0];
const NAMES = pseudonyms((text) => createHmac('sha256', 'secret').update(text).digest());

/** Every VR with the patient's name as its value, at this depth and below. */
function elementsAt(depth: number): Uint8Array[] {
  const named = VRS.flatMap((vr, i) => {
    const value = asciiValue(i % 2 === 0 ? 'ZYXWVUT' : 'Of Zyxwvut 2', vr);
    return [elementHeader(TAGS[i], vr, value.length, EXPLICIT), value];
  });
  const person = asciiValue('Zyxwvut^Qanary', 'PN');
  const all = [...named, elementHeader('x0040a123', 'PN', person.length, EXPLICIT), person];
  if (depth === 0) return all;
  const inner = elementsAt(depth - 1);
  const item = [itemHeader(lengthOf(inner), EXPLICIT), ...inner];
  return [...all, elementHeader('x300a0040', 'SQ', lengthOf(item), EXPLICIT), ...item];
}

/** A plan with these elements behind its own, which end before group 0018. */
function planWithNames(patientName = 'Zyxwvut^Qanary'): Uint8Array {
  const plan = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.5',
    SOPInstanceUID: '1.2.3',
    Modality: 'RTPLAN',
  });
  const patient = [
    ['x00100010', 'PN', patientName],
    ['x00100020', 'LO', 'QX4711ZY'],
  ].flatMap(([tag, vr, text]) => {
    const value = asciiValue(text, vr);
    return [elementHeader(tag, vr, value.length, EXPLICIT), value];
  });
  return joined([plan, ...patient, ...elementsAt(2)]);
}

for (const options of [
  [],
  [...DEFAULT_OPTIONS],
  Object.keys(PROFILE_OPTIONS).filter((name) => name !== 'full-dates'),
] as ProfileOption[][])
  test(`a name in any VR at three depths is removed, with ${options.join(', ') || 'no option'}`, () => {
    const original = planWithNames();
    assert.ok(Buffer.from(original).toString('latin1').toLowerCase().split('zyxwvut').length > 3 * VRS.length);
    const outcome = deidentify(original, {
      options: new Set(options),
      pseudonyms: NAMES,
      allowedNames: [],
      allowBurnedIn: false,
    });
    assert.equal(outcome.kind, 'written');
    assert.doesNotMatch(Buffer.from(outcome.bytes).toString('latin1'), /zyxwvut|qanary|4711/i);
    assert.equal(readDataSet(outcome.bytes).text('Modality'), 'RTPLAN');
  });

test('elements of this object that identify nobody are kept', () => {
  const options = new Set(DEFAULT_OPTIONS);
  const settings = { options, pseudonyms: NAMES, allowedNames: [], allowBurnedIn: false };
  const outcome = deidentify(planWithNames('Somebody^Else'), settings);
  assert.equal(outcome.kind, 'written');
  const staying = Buffer.from(outcome.bytes).toString('latin1').toLowerCase().split('zyxwvut').length - 1;
  assert.ok(staying > 60, String(staying));
});

test("codes and numbers stay even if they contain the patient's name", () => {
  const original = writeDicom({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.2',
    SOPInstanceUID: '1.2.3',
    Modality: 'RTDOSE',
    PatientName: 'Beam^Physical',
    PatientID: '2024',
    DoseSummationType: 'BEAM',
    DoseType: 'PHYSICAL',
    DoseGridScaling: 2024,
    PixelSpacing: [2024, 1],
  });
  const outcome = deidentify(original, {
    options: new Set(DEFAULT_OPTIONS),
    pseudonyms: NAMES,
    allowedNames: [],
    allowBurnedIn: false,
  });
  assert.equal(outcome.kind, 'written');
  const copy = readDataSet(outcome.bytes);
  assert.deepEqual(
    [
      copy.text('DoseSummationType'),
      copy.text('DoseType'),
      copy.number('DoseGridScaling'),
      copy.numbers('PixelSpacing'),
    ],
    ['BEAM', 'PHYSICAL', 2024, [2024, 1]],
  );
});
