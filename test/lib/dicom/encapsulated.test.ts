import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encapsulatedFrames } from '#lib/dicom/encapsulated.ts';
import { decodeRle } from '#lib/dicom/rle.ts';
import { BadInput } from '#lib/errors.ts';
import { tag, u32 } from './encode.ts';

function value(offsets: number[], fragments: string[], end = true): Buffer {
  const item = (bytes: Uint8Array) => Buffer.concat([tag('fffee000'), u32(bytes.length), bytes]);
  const table = item(Buffer.concat(offsets.map((offset) => u32(offset))));
  const delimiter = end ? [tag('fffee0dd'), u32(0)] : [];
  return Buffer.concat([table, ...fragments.map((hex) => item(Buffer.from(hex, 'hex'))), ...delimiter]);
}

describe('fragments become frames', () => {
  const cases: { name: string; value: Buffer; frames: number; extendedOffsets?: number[]; expected: string[] }[] = [
    {
      name: 'one frame of several fragments',
      value: value([], ['ffd8', '0102', '03ff']),
      frames: 1,
      expected: ['ffd8010203ff'],
    },
    { name: 'a fragment each', value: value([], ['0102', '0304']), frames: 2, expected: ['0102', '0304'] },
    {
      name: 'by the basic offset table',
      value: value([0, 20], ['0102', '0304', '0506']),
      frames: 2,
      expected: ['01020304', '0506'],
    },
    {
      name: 'by the extended offset table',
      value: value([], ['0102', '0304', '0506']),
      frames: 2,
      extendedOffsets: [0, 10],
      expected: ['0102', '03040506'],
    },
    {
      name: 'by the markers of JPEG',
      value: value([], ['ffd8', '0102', 'ffd8', '0304']),
      frames: 2,
      expected: ['ffd80102', 'ffd80304'],
    },
    {
      name: 'by the markers of JPEG 2000',
      value: value([], ['ff4f', 'ff4f', '0304']),
      frames: 2,
      expected: ['ff4f', 'ff4f0304'],
    },
    {
      name: 'an offset table that points elsewhere is passed over',
      value: value([0, 7], ['ffd8', '0102', 'ffd8']),
      frames: 2,
      expected: ['ffd80102', 'ffd8'],
    },
    { name: 'a missing delimiter', value: value([], ['0102', '0304'], false), frames: 2, expected: ['0102', '0304'] },
  ];
  for (const { name, expected, extendedOffsets = [], ...input } of cases)
    test(name, () => {
      const frames = encapsulatedFrames({ ...input, extendedOffsets });
      assert.deepEqual(
        frames.map((frame) => Buffer.from(frame).toString('hex')),
        expected,
      );
    });

  const broken: { name: string; value: Buffer; frames: number }[] = [
    { name: 'no fragment', value: value([], []), frames: 1 },
    { name: 'a fragment that is cut off', value: value([], ['01020304']).subarray(0, 18), frames: 1 },
    {
      name: 'something else than an item',
      value: Buffer.concat([value([], ['0102'], false), Buffer.alloc(8, 1)]),
      frames: 1,
    },
    { name: 'fewer fragments than frames', value: value([], ['0102']), frames: 2 },
    { name: 'frames that cannot be told apart', value: value([], ['0102', '0304', '0506']), frames: 2 },
  ];
  for (const { name, value, frames } of broken)
    test(name, () => assert.throws(() => encapsulatedFrames({ value, frames, extendedOffsets: [] }), BadInput));
});

describe('RLE', () => {
  /** A frame with one segment per string. */
  const frame = (...segments: string[]) => {
    const bytes = segments.map((hex) => Buffer.from(hex, 'hex'));
    const header = Buffer.alloc(64);
    header.writeUInt32LE(segments.length, 0);
    bytes.reduce((at, segment, i) => header.writeUInt32LE(at, 4 + 4 * i) && at + segment.length, 64);
    return Buffer.concat([header, ...bytes]);
  };

  test('the PackBits example of Apple TN1023 is decoded', () => {
    const packed = 'feaa0280002afdaa0380002a22f7aa';
    const unpacked = 'aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa';
    assert.equal(Buffer.from(decodeRle(frame(packed), 24, 1)).toString('hex'), unpacked);
  });

  test('the first RLE segment holds the most significant bytes', () => {
    assert.deepEqual(decodeRle(frame('010102', '010304'), 2, 2), Uint8Array.of(3, 1, 4, 2));
  });

  test('control byte 128 and padding add no bytes', () => {
    assert.deepEqual(decodeRle(frame('8001050680'), 2, 1), Uint8Array.of(5, 6));
  });

  const broken: [string, Uint8Array][] = [
    ['a short header', Buffer.alloc(10)],
    ['too many segments', frame('0001', '0001', '0001')],
    ['a segment that ends too soon', frame('0001', '000102')],
    ['a segment outside of the frame', Buffer.concat([u32(2), u32(64), u32(999), Buffer.alloc(60)])],
  ];
  for (const [name, bytes] of broken) test(name, () => assert.throws(() => decodeRle(bytes, 4, 2), BadInput));
});

test('100,000 offsets and fragments are matched in one pass', () => {
  const count = 100_000;
  const fragment = Buffer.concat([tag('fffee000'), u32(2), Buffer.from('0102', 'hex')]);
  const offsets = Buffer.concat(Array.from({ length: count }, (_, n) => u32(10 * n)));
  const table = Buffer.concat([tag('fffee000'), u32(offsets.length), offsets]);
  const whole = Buffer.concat([table, ...Array.from({ length: count }, () => fragment)]);
  const began = performance.now();
  assert.equal(encapsulatedFrames({ value: whole, frames: count, extendedOffsets: [] }).length, count);
  // Each offset looked for among all fragments took a minute.
  assert.ok(performance.now() - began < 5000);
});

test('an RLE frame takes no more memory than its bytes can fill', () => {
  const frame = Buffer.alloc(66);
  frame.writeUInt32LE(1, 0);
  frame.writeUInt32LE(64, 4);
  assert.throws(() => decodeRle(frame, 65_535 * 65_535, 1), BadInput);
});
