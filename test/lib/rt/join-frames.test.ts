import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinFrames } from '#lib/rt/join-frames.ts';
import type { Matrix4 } from '#lib/rt/matrix4.ts';
import type { Registration } from '#lib/rt/registration.ts';

/** A shift along x. */
function shift(x: number): Matrix4 {
  return [1, 0, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
}

/** A quarter turn about z, then a shift along x. */
function turn(x: number): Matrix4 {
  return [0, -1, 0, x, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
}

/** A registration to `to` of the frames of `items`. */
function registration(uid: string, to: string, items: [string, Matrix4 | undefined][], date = ''): Registration {
  return {
    sopInstanceUid: uid,
    frameOfReferenceUid: to,
    date,
    time: '',
    deformable: false,
    referencedSeriesUids: [],
    items: items.map(([frameOfReferenceUid, matrix]) => ({
      frameOfReferenceUid,
      matrix,
      problem: matrix ? '' : 'it is deformable',
      orderMatters: false,
      imageUids: [],
    })),
  };
}

/** Where the point x = 10 of a frame goes, and by which registrations; else the reason. */
function walk(registrations: Registration[], from: string, to: string): [number[], string[]] | string {
  const joined = joinFrames(registrations, from, to);
  if (!joined.matrix) return 'reason' in joined ? joined.reason : '';
  const m = joined.matrix;
  return [[10 * m[0] + m[3], 10 * m[4] + m[7]], joined.registrationUids];
}

test('a chain of two registrations joins two frames, in both directions', () => {
  const chain = [registration('r', 'C', [['B', shift(8)]]), registration('s', 'A', [['C', turn(12)]])];
  // 10 -> 18 -> turned to y = 18, shifted to x = 12
  assert.deepEqual(walk(chain, 'B', 'A'), [
    [12, 18],
    ['r', 's'],
  ]);
  const [back] = walk(chain, 'A', 'B');
  // (10, 0) -> (-2, 0) -> turned back to (0, 2) -> (-8, 2)
  assert.deepEqual(back, [-8, 2]);
});

test('a chain of three follows registrations in either direction', () => {
  const chain = [
    registration('r', 'B', [['C', shift(-1)]]),
    registration('s', 'D', [['C', shift(2)]]),
    registration('t', 'A', [['D', shift(4)]]),
  ];
  // B -> C is + 1, C -> D + 2, D -> A + 4
  assert.deepEqual(walk(chain, 'B', 'A'), [
    [17, 0],
    ['r', 's', 't'],
  ]);
});

test('a direct registration takes precedence over a chain', () => {
  const all = [
    registration('r', 'C', [['B', shift(8)]]),
    registration('s', 'A', [['C', shift(8)]]),
    registration('t', 'A', [['B', shift(1)]]),
  ];
  assert.deepEqual(walk(all, 'B', 'A'), [[11, 0], ['t']]);
});

test('of two registrations of one pair the newest is used and the older reported, in any order', () => {
  const older = registration('a', 'A', [['B', shift(0)]], '2024-03-04');
  const newer = registration('b', 'A', [['B', shift(20)]], '2024-03-06');
  for (const both of [
    [older, newer],
    [newer, older],
  ]) {
    const joined = joinFrames(both, 'B', 'A');
    assert.deepEqual(
      [joined.matrix?.[3], joined.findings.map(({ code, where }) => [code, where])],
      [20, [['REGISTRATION_SUPERSEDED', 'a']]],
    );
  }
});

test('the time of day orders two registrations of one day', () => {
  const older = { ...registration('a', 'A', [['B', shift(0)]], '2024-03-04'), time: '09:00:00' };
  const newer = { ...registration('b', 'A', [['B', shift(20)]], '2024-03-04'), time: '10:00:00' };
  assert.deepEqual(walk([newer, older], 'B', 'A'), [[30, 0], ['b']]);
});

test('two equal registrations do not contradict each other', () => {
  const joined = joinFrames(
    [registration('a', 'A', [['B', turn(3)]]), registration('b', 'A', [['B', turn(3)]])],
    'B',
    'A',
  );
  assert.deepEqual([joined.matrix, joined.findings], [turn(3), []]);
});

const CONTRADICTIONS: [string, Registration[]][] = [
  ['of one day', ['a', 'b'].map((uid, n) => registration(uid, 'A', [['B', shift(20 * n)]], '2024-03-04'))],
  ['without dates', ['a', 'b'].map((uid, n) => registration(uid, 'A', [['B', turn(20 * n)]]))],
  [
    'of which one has no date',
    [registration('a', 'A', [['B', shift(0)]], '2024-03-04'), registration('b', 'A', [['B', shift(20)]])],
  ],
];

for (const [title, registrations] of CONTRADICTIONS)
  test(`two registrations ${title} that differ are refused, and no chain bypasses them`, () => {
    const around = [registration('x', 'C', [['B', shift(1)]]), registration('y', 'A', [['C', shift(1)]])];
    const joined = joinFrames([...registrations, ...around], 'B', 'A');
    assert.equal(joined.matrix, undefined);
    assert.deepEqual(
      joined.findings.map(({ code }) => code),
      ['REGISTRATIONS_CONTRADICT'],
    );
  });

test('two equally long chains with different results are refused', () => {
  const chains = [
    registration('r', 'C', [['B', shift(8)]]),
    registration('s', 'A', [['C', shift(8)]]),
    registration('t', 'D', [['B', shift(8)]]),
    registration('u', 'A', [['D', shift(9)]]),
  ];
  const joined = joinFrames(chains, 'B', 'A');
  assert.equal(joined.matrix, undefined);
  assert.match('reason' in joined ? joined.reason : '', /different places/);
});

test('two different items for one frame are refused, two equal ones are not', () => {
  assert.match(
    String(
      walk(
        [
          registration('a', 'A', [
            ['B', shift(0)],
            ['B', shift(20)],
          ]),
        ],
        'B',
        'A',
      ),
    ),
    /two of its items/,
  );
  assert.deepEqual(
    walk(
      [
        registration('a', 'A', [
          ['B', turn(1)],
          ['B', turn(1)],
        ]),
      ],
      'B',
      'A',
    ),
    [[1, 10], ['a']],
  );
});

test('an unusable item is not replaced by another item of its frame', () => {
  assert.match(
    String(
      walk(
        [
          registration('a', 'A', [
            ['B', undefined],
            ['B', shift(20)],
          ]),
        ],
        'B',
        'A',
      ),
    ),
    /deformable/,
  );
});

test('an invalid registration gives way to a valid one of the same frames, older or not', () => {
  const valid = registration('a', 'A', [['B', shift(20)]], '2024-03-04');
  const invalid = registration('b', 'A', [['B', undefined]], '2024-03-06');
  assert.deepEqual(walk([invalid, valid], 'B', 'A'), [[30, 0], ['a']]);
});

test('a registration that moves its own frame joins nothing, unless another item keeps the frame', () => {
  assert.match(
    String(
      walk(
        [
          registration('a', 'A', [
            ['A', shift(5)],
            ['B', shift(20)],
          ]),
        ],
        'B',
        'A',
      ),
    ),
    /own frame/,
  );
  const stays = registration('a', 'A', [
    ['A', shift(0)],
    ['A', shift(5)],
    ['B', shift(20)],
  ]);
  assert.deepEqual(walk([stays], 'B', 'A'), [[30, 0], ['a']]);
});

test('unjoined frames have a reason', () => {
  assert.equal(
    walk([registration('a', 'A', [['B', shift(20)]])], 'C', 'A'),
    'no registration links the two frames of reference',
  );
});
