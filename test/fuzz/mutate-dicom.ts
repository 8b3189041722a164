import type { Element } from 'dicom-parser';
import { readLayout } from '#lib/dicom/read.ts';
import type { Random } from '#lib/random.ts';
import { hostileWord } from './hostile-words.ts';
import { below, mutateBytes, oneOf, spliced } from './mutate-bytes.ts';

/** Elements that decide how much is read, where it lies and by which rule: half of all changes are theirs. */
const TELLING = new Set([
  ...['x00020010', 'x00080005', 'x00080016', 'x00080018', 'x00080060', 'x0020000d', 'x0020000e', 'x00200052'],
  ...['x00280008', 'x00280010', 'x00280011', 'x00280100', 'x00280101', 'x00280102', 'x00280103', 'x00281053'],
  ...['x00200032', 'x00200037', 'x00280030', 'x00180050', 'x7fe00010', 'x3004000c', 'x3004000e', 'x30040002'],
  ...['x30060050', 'x30060046', 'x30060042', 'x30060026', 'x30060022', 'x30060084', 'x300a0070', 'x300a0078'],
  ...['x300c0002', 'x300c0060', 'x30080030', 'x3008005a', 'x00700308', 'x300600c6', 'x52009229', 'x52009230'],
]);
const VRS =
  'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV ZZ'.split(' ');
const LENGTHS = [0, 1, 2, 3, 7, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** A DICOM file with one to three changes that know of its elements, their VRs, lengths, values and nesting. */
export function mutateDicom(seed: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(seed);
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const elements = random() < 0.1 ? [] : elementsOf(bytes);
    bytes = elements.length === 0 ? mutateBytes(bytes, random) : mutateElement(bytes, chosen(elements, random), random);
  }
  return bytes;
}

function chosen(elements: Element[], random: Random): Element {
  const telling = elements.filter(({ tag }) => TELLING.has(tag));
  return oneOf(random, telling.length > 0 && random() < 0.5 ? telling : elements);
}

/** All elements that can be told, nested ones too; none when the file is broken already. */
function elementsOf(bytes: Buffer): Element[] {
  try {
    const { layout } = readLayout(bytes);
    return layout.bytes.buffer === bytes.buffer ? Object.values(layout.elements).flatMap(withNested) : [];
  } catch {
    return [];
  }
}

function withNested(element: Element): Element[] {
  const items = element.items ?? [];
  return [element, ...items.flatMap((item) => Object.values(item.dataSet?.elements ?? {}).flatMap(withNested))];
}

function mutateElement(bytes: Buffer, { dataOffset, length, vr }: Element, random: Random): Buffer {
  const isWide = vr !== undefined && /^(OB|OD|OF|OL|OV|OW|SQ|SV|UC|UN|UR|UT|UV)$/.test(vr);
  const start = dataOffset - (isWide ? 12 : 8);
  const whole = bytes.subarray(start, dataOffset + length);
  switch (below(random, 10)) {
    case 0:
    case 1:
    case 2:
      return withValue(bytes, { start, dataOffset, length, isWide, isExplicit: vr !== undefined }, random);
    case 3:
      return vr === undefined ? bytes : spliced(bytes, start + 4, 2, Buffer.from(oneOf(random, VRS)));
    case 4:
      return withLength(
        bytes,
        dataOffset,
        vr === undefined || isWide,
        oneOf(random, [...LENGTHS, length + 1, length - 1]),
      );
    case 5:
      return spliced(bytes, start + below(random, 4), 1, Buffer.from([below(random, 256)]));
    case 6:
      return spliced(bytes, start, whole.length, Buffer.alloc(0));
    case 7:
      return spliced(bytes, start, 0, whole);
    case 8:
      return spliced(bytes, start, 0, nest(1 + below(random, random() < 0.2 ? 3000 : 20), vr !== undefined));
    default:
      return spliced(bytes, dataOffset, length, mutateBytes(bytes.subarray(dataOffset, dataOffset + length), random));
  }
}

interface Place {
  start: number;
  dataOffset: number;
  length: number;
  isWide: boolean;
  isExplicit: boolean;
}

/** Another value with its right length, though not of what holds it. */
function withValue(bytes: Buffer, { dataOffset, length, isWide, isExplicit }: Place, random: Random): Buffer {
  const text = Buffer.from(hostileWord(random), 'latin1');
  const most = isWide || !isExplicit ? text.length : Math.min(text.length, 0xfffe);
  const value = random() < 0.3 ? Buffer.from(Array.from({ length }, () => below(random, 256))) : text.subarray(0, most);
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([0x20])]);
  return withLength(spliced(bytes, dataOffset, length, even), dataOffset, isWide || !isExplicit, even.length);
}

function withLength(bytes: Buffer, dataOffset: number, isLong: boolean, length: number): Buffer {
  const copy = Buffer.from(bytes);
  if (isLong) copy.writeUInt32LE(length >>> 0, dataOffset - 4);
  else copy.writeUInt16LE(length & 0xffff, dataOffset - 2);
  return copy;
}

/** Sequences of undefined length in each other. */
function nest(depth: number, isExplicit: boolean): Buffer {
  const open = isExplicit ? '0800401153510000ffffffff' : '08004011ffffffff';
  const item = 'feff00e0ffffffff';
  return Buffer.concat([
    Buffer.from((open + item).repeat(depth), 'hex'),
    Buffer.from('feff0de000000000feffdde000000000'.repeat(depth), 'hex'),
  ]);
}
