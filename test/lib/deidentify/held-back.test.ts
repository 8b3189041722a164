import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonToHoldBack } from '#lib/deidentify/held-back.ts';
import { readLayout } from '#lib/dicom/read.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const CASES: [what: string, object: DicomJson, held: boolean, allowed: boolean][] = [
  ['a CT image', { SOPClassUID: CT }, false, false],
  ['a CT image that says it is clean', { SOPClassUID: CT, BurnedInAnnotation: 'NO' }, false, false],
  ['an RT dose', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.2' }, false, false],
  ['a segmentation', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4' }, false, false],
  ['text burned in', { SOPClassUID: CT, BurnedInAnnotation: 'YES' }, true, false],
  ['a dose page', { SOPClassUID: CT, ImageType: ['DERIVED', 'SECONDARY', 'SCREEN SAVE'] }, true, false],
  ['a secondary capture', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }, true, false],
  ['a structured report', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33' }, true, true],
  ['an encapsulated PDF', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1' }, true, true],
  ['a presentation state', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.11.1' }, true, true],
  ['ultrasound', { SOPClassUID: '1.2.840.10008.5.1.4.1.1.6.1' }, true, true],
  ['an object of a class that is not known', { SOPClassUID: '1.2.246.352.70.1.70' }, true, true],
];

for (const [what, object, held, heldThough] of CASES)
  test(`${what} ${held ? 'is held back' : 'may leave'}${held && !heldThough ? ' unless allowed' : ''}`, () => {
    const { dataSet, layout } = readLayout(writeDicom({ SOPInstanceUID: '1.2.3', ...object }));
    assert.equal(reasonToHoldBack(dataSet, layout, false) !== undefined, held);
    assert.equal(reasonToHoldBack(dataSet, layout, true) !== undefined, heldThough);
  });
