import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SliceFacts } from '#lib/rt/volumes/slice-facts.ts';
import type { SliceMarks } from '#lib/rt/volumes/slice-marks.ts';
import { splitVolumes } from '#lib/rt/volumes/split-volumes.ts';

interface Spec {
  z: number;
  marks?: SliceMarks;
  imageType?: string[];
  thicknessMm?: number;
  frame?: string;
}

/** An axial slice that says, in its UID, of which volume it is. */
function slice(of: string, spec: Spec): SliceFacts {
  return {
    sopInstanceUid: `${of}@${spec.z}`,
    frame: 0,
    rows: 8,
    columns: 8,
    positionMm: [0, 0, spec.z],
    columnAxis: [1, 0, 0],
    rowAxis: [0, 1, 0],
    pixelSpacingMm: [2, 2],
    thicknessMm: spec.thicknessMm ?? 3,
    frameOfReferenceUid: spec.frame ?? 'frame',
    imageType: spec.imageType ?? ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    marks: spec.marks ?? {},
  };
}

function stack(of: string, zs: number[], marks: (k: number) => SliceMarks, more: Partial<Spec> = {}): SliceFacts[] {
  return zs.map((z, k) => slice(of, { z, marks: marks(k), ...more }));
}

const range = (count: number, first = 0, step = 3) => Array.from({ length: count }, (_, k) => first + step * k);

/** What each volume holds, as `name x count`; a volume of two names is a mixture. */
function contents(slices: SliceFacts[]): string[] {
  return splitVolumes(slices.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1))).map(({ slices: members }) => {
    const names = Map.groupBy(members, ({ sopInstanceUid }) => sopInstanceUid.split('@')[0]);
    return [...names].map(([name, of]) => `${name} x ${of.length}`).join(' and ');
  });
}

/** Another order than that of the stack. */
function hash({ sopInstanceUid }: SliceFacts): string {
  return [...sopInstanceUid].reverse().join('');
}

const twoPhases = (name: keyof SliceMarks, a: number | string, b: number | string) => [
  ...stack('a', range(12), (k) => ({ InstanceNumber: k + 1, [name]: a })),
  ...stack('b', range(12), (k) => ({ InstanceNumber: k + 1, [name]: b })),
];

describe('overlapping volumes are separated by the attribute that varies', () => {
  for (const [name, a, b] of [
    ['TemporalPosition', 1, 2],
    ['AcquisitionNumber', 1, 2],
    ['EchoNumbers', '1', '2'],
    ['EchoTime', 10, 80],
    ['DiffusionBValue', 0, 1000],
    ['ImageType', 'ORIGINAL PRIMARY M', 'ORIGINAL PRIMARY P'],
    ['ComplexImageComponent', 'MAGNITUDE', 'PHASE'],
    ['ConvolutionKernel', 'B30f', 'B60f'],
    ['KVP', 80, 140],
    ['RespiratoryPhase', 0, 50],
    ['CardiacPhase', 30, 70],
    ['TriggerTime', 100, 400],
    ['FrameReferenceTime', 1000, 31000],
    ['AcquisitionTime', 43201, 43202],
    ['ContentTime', 43201, 43202],
  ] as const)
    test(name, () => assert.deepEqual(contents(twoPhases(name, a, b)), ['a x 12', 'b x 12']));

  test('InstanceNumber that continues from one phase to the next', () => {
    const slices = ['a', 'b', 'c'].flatMap((of, n) =>
      stack(of, range(10), (k) => ({ InstanceNumber: 10 * n + k + 1 })),
    );
    assert.deepEqual(contents(slices), ['a x 10', 'b x 10', 'c x 10']);
  });

  test('times that run through each phase, the second one downwards', () => {
    const a = stack('a', range(10), (k) => ({ AcquisitionTime: 100 + k }));
    const b = stack('b', range(10), (k) => ({ AcquisitionTime: 200 - k }));
    assert.deepEqual(contents([...a, ...b]), ['a x 10', 'b x 10']);
  });

  test('an AcquisitionNumber for every slab of four slices, in two phases', () => {
    const phase = (of: string, first: number) =>
      stack(of, range(16), (k) => ({ AcquisitionNumber: first + (k >> 2), InstanceNumber: first + k }));
    assert.deepEqual(contents([...phase('a', 1), ...phase('b', 101)]), ['a x 16', 'b x 16']);
  });

  test('ImageIndex of gated PET', () => {
    const slices = ['a', 'b', 'c', 'd'].flatMap((of, gate) =>
      stack(of, range(9), (k) => ({ ImageIndex: 9 * gate + k })),
    );
    assert.deepEqual(contents(slices), ['a x 9', 'b x 9', 'c x 9', 'd x 9']);
  });

  test('three time points of two echoes, which no single attribute separates', () => {
    const slices = [1, 2, 3].flatMap((time) =>
      [10, 80].flatMap((echo) =>
        stack(`${time}/${echo}`, range(6), () => ({ TemporalPosition: time, EchoTime: echo })),
      ),
    );
    assert.deepEqual(contents(slices), ['1/10 x 6', '1/80 x 6', '2/10 x 6', '2/80 x 6', '3/10 x 6', '3/80 x 6']);
  });

  test('alternating images at every position: the nth image of each position belongs to the nth volume', () => {
    const slices = ['a', 'b'].flatMap((of, n) => stack(of, range(7), (k) => ({ InstanceNumber: 2 * k + n })));
    assert.deepEqual(contents(slices), ['a x 7', 'b x 7']);
  });

  test('indistinguishable images are counted', () => {
    const [volume] = splitVolumes([...stack('a', range(5), () => ({})), ...stack('b', [3], () => ({}))]);
    assert.equal(volume.untold, 1);
    assert.equal(volume.slices.length, 6);
  });
});

describe('passes along the body', () => {
  const pass = (of: string, zs: number[], acquisition: number, thicknessMm = 3) =>
    stack(of, zs, (k) => ({ AcquisitionNumber: acquisition, InstanceNumber: 100 * acquisition + k }), { thicknessMm });

  for (const [name, slices, expected] of [
    ['that overlap by four slices', [...pass('a', range(12), 1), ...pass('b', range(20, 24), 2)], ['b x 20', 'a x 12']],
    [
      'of which three overlap in turn',
      range(3).flatMap((_, n) => pass(`${n}`, range(12, 30 * n), n + 1)),
      ['0 x 12', '1 x 12', '2 x 12'],
    ],
    [
      'shifted by a third of the gap',
      [...pass('a', range(12), 1), ...pass('b', range(12, 1), 2)],
      ['a x 12', 'b x 12'],
    ],
    ['shifted by half the gap', [...pass('a', range(12), 1), ...pass('b', range(12, 1.5), 2)], ['a x 12', 'b x 12']],
    ['that overlap shifted', [...pass('a', range(12), 1), ...pass('b', range(14, 19.5), 2)], ['b x 14', 'a x 12']],
  ] as const)
    test(`${name} are separate volumes`, () => assert.deepEqual(contents([...slices]), [...expected]));

  test('images shifted by half the gap and distinguished only by InstanceNumber are separate volumes', () => {
    const a = stack('a', range(12), (k) => ({ InstanceNumber: k + 1 }));
    const b = stack('b', range(12, 1.5), (k) => ({ InstanceNumber: k + 13 }));
    assert.deepEqual(contents([...a, ...b]), ['a x 12', 'b x 12']);
  });

  for (const [name, slices] of [
    ['that meet', [...pass('a', range(12), 1), ...pass('a', range(12, 36), 2)]],
    ['that meet with another gap between slices', [...pass('a', range(12), 1), ...pass('a', range(8, 39, 6), 2)]],
    ['that take slices in turns, as MR does', [...pass('a', range(12, 0, 6), 1), ...pass('a', range(12, 3, 6), 2)]],
    ['of one slice each', range(12).map((z, n) => slice('a', { z, marks: { AcquisitionNumber: n } }))],
  ] as const)
    test(`${name} are one volume`, () => assert.deepEqual(contents([...slices]), [`a x ${slices.length}`]));

  test('slices numbered or timed one by one are one volume', () => {
    const slices = stack('a', range(20), (k) => ({
      InstanceNumber: 20 - k,
      AcquisitionTime: 100 + k,
      TriggerTime: 7 * k,
    }));
    assert.deepEqual(contents(slices), ['a x 20']);
  });

  test('a thin reconstruction of thick slices is one volume', () => {
    const slices = stack('a', range(20, 0, 1.5), (k) => ({ InstanceNumber: k, AcquisitionNumber: 4 }), {
      thicknessMm: 5,
    });
    assert.deepEqual(contents(slices), ['a x 20']);
  });
});

describe('the volume used when nothing names one', () => {
  const marked = (of: string, count: number, marks: SliceMarks, more: Partial<Spec> = {}) =>
    stack(of, range(count), () => marks, more);
  for (const [name, slices, first] of [
    [
      'the largest',
      [...marked('a', 8, { AcquisitionNumber: 1 }), ...marked('b', 12, { AcquisitionNumber: 2 })],
      'b x 12',
    ],
    ['of equal ones the first in time', twoPhases('AcquisitionTime', 43202, 43201), 'b x 12'],
    [
      'magnitude before phase',
      [
        ...marked('p', 9, { ImageType: 'ORIGINAL PRIMARY P' }, { imageType: ['ORIGINAL', 'PRIMARY', 'P'] }),
        ...marked('m', 9, { ImageType: 'ORIGINAL PRIMARY Z' }, { imageType: ['ORIGINAL', 'PRIMARY', 'M'] }),
      ],
      'm x 9',
    ],
    [
      'no localizer',
      [...marked('scout', 30, {}, { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }), ...marked('a', 9, {})],
      'a x 9',
    ],
    [
      'the larger of two frames of reference',
      [...marked('a', 5, {}), ...marked('b', 7, {}, { frame: 'other' })],
      'b x 7',
    ],
  ] as const)
    test(name, () => assert.equal(contents([...slices])[0], first));
});
