import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Grid, Mask } from '#lib/image/grid.ts';
import { countVoxels, emptyMask, fullMaskData } from '#lib/image/mask.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { deriveStructures } from '#lib/structures/derived/derive.ts';
import { derivedStructuresSchema } from '#lib/structures/derived/schema.ts';
import { ball, maskWhere } from '#test/fixtures/masks.ts';

const GRID: Grid = { size: [50, 50, 40], originMm: [-25, -25, -40], spacingMm: [1, 1, 2], direction: IDENTITY };
const A = ball(GRID, [0, 0, 0], 12);
const B = ball(GRID, [8, 0, 0], 10);
const GIVEN = [
  { name: 'A', mask: A },
  { name: 'total--B', mask: B },
  { name: 'nothing', mask: emptyMask(GRID) },
];

test("RTpipeline's own file is read unchanged, with its entries in any order", () => {
  const file = parse(`
custom_structures:
  - name: "ring"
    operation: "subtract"
    source_structures: ["A_10mm", "A_5mm"]
    description: "5 to 10 mm from A"
  - name: A_5mm
    source_structures: [a]
    margin: 5
  - name: "A_10mm"
    operation: "union"
    source_structures: ["A"]
    margin: 10
  - name: "A_asymmetric"
    source_structures: ["A"]
    margin: { anterior_mm: 4, posterior_mm: 1 }
  - name: AB
    source_structures: [A, b]
`);
  const { custom_structures } = derivedStructuresSchema.parse(file);
  const results = deriveStructures(custom_structures, GIVEN, GRID);
  assert.deepEqual(
    results.map(({ name, status }) => [name, status]),
    [
      ['A_10mm', 'ok'],
      ['A_5mm', 'ok'],
      ['ring', 'ok'],
      ['A_asymmetric', 'ok'],
      ['AB', 'ok'],
    ],
  );
  const made = Object.fromEntries(results.map(({ name, mask }) => [name, mask]));
  assert.deepEqual(
    fullMaskData(made.AB),
    either(A, B, (a, b) => a | b),
  );
  assert.deepEqual(
    fullMaskData(made.ring),
    either(made.A_10mm, made.A_5mm, (a, b) => a & ~b & 1),
  );
  assert.deepEqual(results[4].sources, [
    { requested: 'A', used: 'A', derived: false },
    { requested: 'b', used: 'total--B', derived: false },
  ]);
});

test('sources are found by exact name, then standard name, then letters and digits, and are reported', () => {
  const { custom_structures } = derivedStructuresSchema.parse({
    custom_structures: [
      { name: 'by name', source_structures: ['urinary_bladder'] },
      { name: 'by standard name', source_structures: ['Bladder'] },
      { name: 'by letters', source_structures: ['URINARY bladder X'] },
      { name: 'by own name', source_structures: ['OAR 7'] },
    ],
  });
  const given = [
    { name: 'total--urinary_bladder_x', standardName: null, source: 'custom:pelvis', mask: A },
    { name: 'Pecherz', standardName: 'Bladder', source: 'manual', mask: B },
    { name: 'urinary_bladder', standardName: 'Bladder', source: 'totalsegmentator', mask: A },
    { name: 'watroba', standardName: 'Liver', source: 'manual', mask: A },
  ];
  const results = deriveStructures(custom_structures, given, GRID, { 'oar 7': 'Liver' });
  assert.deepEqual(
    results.map(({ sources: [{ used, source }] }) => [used, source]),
    [
      ['urinary_bladder', 'totalsegmentator'],
      ['Pecherz', 'manual'],
      ['total--urinary_bladder_x', 'custom:pelvis'],
      ['watroba', 'manual'],
    ],
  );
});

test('every operation follows its truth table', () => {
  const truths = {
    union: (a: number, b: number) => a | b,
    intersection: (a: number, b: number) => a & b,
    subtract: (a: number, b: number) => a & ~b & 1,
    xor: (a: number, b: number) => a ^ b,
  };
  for (const [operation, truth] of Object.entries(truths)) {
    const [{ mask }] = derive([{ name: 'X', operation, source_structures: ['A', 'B'] }]);
    assert.deepEqual(fullMaskData(mask), either(A, B, truth), operation);
  }
});

test('rings and both ways of cropping follow their distances', () => {
  const [ring, outside, within] = derive([
    { name: 'ring', source_structures: ['A'], ring: { inner_mm: -3, outer_mm: 4 } },
    { name: 'outside', source_structures: ['A'], crop_by: { structures: ['B'], margin: 3 } },
    { name: 'within', source_structures: ['A'], crop_to: { structures: ['B'] } },
  ]).map(({ mask }) => fullMaskData(mask));
  const half = 1;
  for (const [name, data, isSure, isPossible] of [
    ['ring', ring, between(9 + half, 16 - half), between(9 - half, 16 + half)],
    ['outside', outside, apart(13 + half), apart(13 - half)],
  ] as const) {
    const [sure, possible] = [isSure, isPossible].map((rule) => fullMaskData(maskWhere(GRID, rule)));
    assert.ok(
      data.every((inside, v) => sure[v] <= inside && inside <= possible[v]),
      name,
    );
  }
  assert.deepEqual(
    within,
    either(A, B, (a, b) => a & b),
  );
});

const PARTIAL: [string, object, string, boolean, string[]][] = [
  ['a union goes on', { source_structures: ['A', 'gone'] }, 'ok', true, ['DERIVED_PARTIAL']],
  ['an empty source is missing', { source_structures: ['A', 'nothing'] }, 'ok', true, ['DERIVED_PARTIAL']],
  [
    'a union may refuse',
    { source_structures: ['A', 'gone'], partial: 'refuse' },
    'skipped_by_rule',
    true,
    ['DERIVED_SOURCE_MISSING'],
  ],
  [
    'an intersection refuses',
    { operation: 'intersection', source_structures: ['A', 'gone'] },
    'skipped_by_rule',
    true,
    ['DERIVED_SOURCE_MISSING'],
  ],
  [
    'a difference refuses',
    { operation: 'subtract', source_structures: ['A', 'gone'] },
    'skipped_by_rule',
    true,
    ['DERIVED_SOURCE_MISSING'],
  ],
  [
    'a difference may be told to go on',
    { operation: 'subtract', source_structures: ['A', 'gone'], partial: 'allow' },
    'ok',
    true,
    ['DERIVED_PARTIAL'],
  ],
  [
    'but never without its first source',
    { operation: 'subtract', source_structures: ['gone', 'A'], partial: 'allow' },
    'skipped_by_rule',
    true,
    ['DERIVED_SOURCE_MISSING'],
  ],
  [
    'cropping refuses',
    { source_structures: ['A'], crop_to: { structures: ['gone'] }, partial: 'allow' },
    'skipped_by_rule',
    true,
    ['DERIVED_SOURCE_MISSING'],
  ],
  ['nothing at all', { source_structures: ['gone'] }, 'skipped_by_rule', true, ['DERIVED_SOURCE_MISSING']],
  ['nothing left', { source_structures: ['A'], margin: -20 }, 'empty', false, ['DERIVED_EMPTY']],
  ['hardly anything left', { source_structures: ['A'], margin: -10.7 }, 'ok', false, ['DERIVED_TINY']],
  ['the name of a ROI', { name: 'A', source_structures: ['A'], margin: 2 }, 'ok', false, ['DERIVED_NAME_TAKEN']],
];

for (const [name, definition, status, partial, codes] of PARTIAL) {
  test(`a missing or vanishing source has a rule and a finding: ${name}`, () => {
    const [result] = derive([{ name: 'X', ...definition }]);
    assert.equal(result.status, status);
    assert.equal(result.partial, partial);
    assert.deepEqual(
      result.findings.map(({ code }) => code),
      codes,
    );
    assert.equal(countVoxels(result.mask) > 0, status === 'ok');
  });
}

test('structures derived from a partial one are partial', () => {
  const results = derive([
    { name: 'first', source_structures: ['A', 'gone'] },
    { name: 'second', source_structures: ['first'], margin: 1 },
  ]);
  assert.deepEqual(
    results.map(({ partial }) => partial),
    [true, true],
  );
});

test('circular or repeated definitions are refused by name', () => {
  const circle = [
    { name: 'X', source_structures: ['Y'] },
    { name: 'Y', source_structures: ['A'], crop_by: { structures: ['z'] } },
    { name: 'Z', source_structures: ['X'] },
  ];
  assert.throws(() => derive(circle), { name: 'BadConfig', message: /X -> Y -> Z -> X/ });
  const twice = [
    { name: 'X', source_structures: ['A'] },
    { name: 'X', source_structures: ['B'] },
  ];
  assert.throws(() => derive(twice), { name: 'BadConfig', message: /"X" twice/ });
});

test('unknown keys and impossible values of the file are refused', () => {
  for (const wrong of [
    { name: 'X', source_structures: [] },
    { name: 'X', source_structures: ['A'], margn: 5 },
    { name: 'X', source_structures: ['A'], operation: 'add' },
    { name: 'X', source_structures: ['A'], ring: { inner_mm: 5, outer_mm: 5 } },
    { name: 'X', source_structures: ['A'], margin: { up: 5 } },
  ])
    assert.equal(derivedStructuresSchema.safeParse({ custom_structures: [wrong] }).success, false);
});

function derive(definitions: object[]) {
  const { custom_structures } = derivedStructuresSchema.parse({ custom_structures: definitions });
  return deriveStructures(custom_structures, GIVEN, GRID);
}

function either(a: Mask, b: Mask, rule: (inA: number, inB: number) => number): Uint8Array {
  const dataB = fullMaskData(b);
  return fullMaskData(a).map((inA, v) => rule(inA, dataB[v]));
}

function between(low: number, high: number) {
  return (p: number[]) => Math.hypot(...p) > low && Math.hypot(...p) <= high;
}

/** In A, and this far from the middle of B. */
function apart(distance: number) {
  return (p: number[]) => Math.hypot(...p) <= 12 && Math.hypot(p[0] - 8, p[1], p[2]) > distance;
}
