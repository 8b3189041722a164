import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { makeOfHeader, readHeader, type Watch } from '#lib/dicom/header.ts';
import { TransferSyntax } from '#lib/dicom/uid.ts';
import { BadInput } from '#lib/errors.ts';
import { EXPLICIT, element, IMPLICIT, type Layout, named, part10 } from './encode.ts';

const KIB = 1024;
const CT = '1.2.840.10008.5.1.4.1.1.2';

/** A file with `before` bytes of private data, then 1 MiB of pixel data. */
function image(before: number, layout: Layout = EXPLICIT, pixelTag = '7fe00010'): Buffer {
  const body = Buffer.concat([
    named('SOPClassUID', CT, layout),
    named('SOPInstanceUID', '1.2.3', layout),
    named('Modality', 'CT', layout),
    element('00091001', 'OB', Buffer.alloc(before), layout),
    named('PatientID', 'last', layout),
    element(pixelTag, 'OW', Buffer.alloc(KIB * KIB), layout),
  ]);
  return part10(
    layout.explicitVr ? TransferSyntax.explicitVrLittleEndian : TransferSyntax.implicitVrLittleEndian,
    body,
  );
}

function object(modality: string, bytes: number): Buffer {
  const body = [
    named('SOPClassUID', CT),
    named('Modality', modality),
    element('00091001', 'OB', Buffer.alloc(bytes)),
    named('PatientID', 'last'),
  ];
  return part10(TransferSyntax.explicitVrLittleEndian, Buffer.concat(body));
}

async function readCounting(file: Buffer) {
  const ranges: [number, number][] = [];
  const header = await readHeader({
    bytes: file.length,
    read: async (start, end) => {
      ranges.push([start, end]);
      return file.subarray(start, end);
    },
  });
  return { ...header, ranges };
}

describe('how much of a file the header reader reads', () => {
  const cases: { name: string; file: Buffer; ranges: [number, number][] }[] = [
    { name: 'a small header', file: image(0), ranges: [[0, 64 * KIB]] },
    { name: 'a small header in implicit VR', file: image(0, IMPLICIT), ranges: [[0, 64 * KIB]] },
    {
      name: 'a header of 200 KiB',
      file: image(200 * KIB),
      ranges: [
        [0, 64 * KIB],
        [64 * KIB, 128 * KIB],
        [128 * KIB, 256 * KIB],
      ],
    },
    { name: 'float pixel data', file: image(0, EXPLICIT, '7fe00008'), ranges: [[0, 64 * KIB]] },
    { name: 'double float pixel data', file: image(0, EXPLICIT, '7fe00009'), ranges: [[0, 64 * KIB]] },
  ];
  for (const { name, file, ranges } of cases)
    test(`${name}: ranges double until the pixel data, and no byte is read twice`, async () => {
      const read = await readCounting(file);
      assert.deepEqual(read.ranges, ranges);
      assert.equal(read.bytesRead, ranges.at(-1)?.[1]);
      assert.equal(read.dataSet.text('PatientID'), 'last');
    });

  test('a small file is read once', async () => {
    const file = object('CT', 10);
    assert.deepEqual((await readCounting(file)).ranges, [[0, file.length]]);
  });

  test('an object without pixel data is fetched to its end by the second request', async () => {
    const file = object('RTSTRUCT', 900 * KIB);
    const { ranges, dataSet } = await readCounting(file);
    assert.deepEqual(ranges, [
      [0, 64 * KIB],
      [64 * KIB, file.length],
    ]);
    assert.equal(dataSet.text('PatientID'), 'last');
  });

  test('a deflated file is read whole', async () => {
    const noise = Buffer.from(Array.from({ length: 100 * KIB }, (_, i) => (i * 2654435761) >>> 24));
    const body = deflateRawSync(
      Buffer.concat([named('SOPClassUID', CT), element('00091001', 'OB', noise), named('PatientID', 'last')]),
    );
    const { dataSet, bytesRead } = await readCounting(part10(TransferSyntax.deflatedExplicitVrLittleEndian, body));
    assert.equal(dataSet.text('PatientID'), 'last');
    assert.ok(bytesRead > body.length);
  });

  test('the header goes on when an element ends where the first range ends', async () => {
    const head = image(0).length - KIB * KIB - 12 - 12;
    for (const shift of [-2, 0, 2, 4, 8]) {
      const file = image(64 * KIB - head + shift);
      assert.equal((await readCounting(file)).dataSet.text('PatientID'), 'last');
    }
  });
});

describe('the header reader refuses', () => {
  test('a text file, after the first range', async () => {
    const file = Buffer.from('not a scan '.repeat(KIB * 100));
    await assert.rejects(readCounting(file), /not DICOM/);
  });

  test('a header that is cut off', async () => {
    await assert.rejects(
      readCounting(object('CT', 90 * KIB).subarray(0, 80 * KIB)),
      (error) => error instanceof BadInput && /data end inside/.test(error.message),
    );
  });

  test('a file shorter than its listing says', async () => {
    const source = { bytes: 1000, read: async () => new Uint8Array(10) };
    await assert.rejects(readHeader(source), /ends at byte 10 of 1000/);
  });
});

test('the result of a header is computed within the time limit of its last parsing', async () => {
  let watches = 0;
  const watch: Watch = (work) => {
    watches += 1;
    return work();
  };
  const made: number[] = [];
  for (const file of [image(0), image(200 * KIB)]) {
    watches = 0;
    const read = async (start: number, end: number) => file.subarray(start, end);
    const header = await makeOfHeader({ bytes: file.length, read }, (dataSet) => dataSet.text('PatientID'), watch);
    assert.equal(header.made, 'last');
    made.push(watches);
  }
  // 64 KiB hold the first header; the second needs 128 and 256 as well.
  assert.deepEqual(made, [1, 3]);
});
