import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndexRow } from '#lib/organize/index-row.ts';
import { organize } from '#lib/organize/organize.ts';
import type { Course } from '#lib/rt/course.ts';
import { dose, imageSeries, options, plan, registration, structureSet } from '#test/fixtures/index-rows.ts';

const SHIFT = [1, 0, 0, 20, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const MIRROR = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

const CT = [...imageSeries(), structureSet(), plan({ prescribedGy: [60] }), dose()];
const MR = { study: 'mr-study', frame: 'mr-frame' };
const MR_SET = [
  ...imageSeries({ series: 'mr', modality: 'MR', ...MR }),
  structureSet({ uid: 'mr-set', series: 'mr', ...MR }),
];

function courses(rows: IndexRow[]): Course[] {
  return organize(rows, options).courses;
}

function codes(course: Course): string[] {
  return course.findings.map(({ code }) => code).filter((code) => /REGIST/.test(code));
}

/** The registration with its items of the MR frame naming images in place of the frame. */
function byImages(row: IndexRow, imageUids: string[]): IndexRow {
  const items = row.registration!.items.map((item) =>
    item.frameOfReferenceUid === MR.frame ? { ...item, frameOfReferenceUid: '', imageUids } : item,
  );
  return { ...row, registration: { ...row.registration!, items } };
}

test('a structure set on MR joins the course that a registration leads to, with its images', () => {
  const found = courses([...CT, ...MR_SET, registration('reg', 'frame', MR.frame, SHIFT)]);
  assert.equal(found.length, 1);
  assert.deepEqual(
    found[0].structureSets.map(({ sopInstanceUid, role }) => [sopInstanceUid, role]),
    [
      ['struct', 'primary'],
      ['mr-set', 'other'],
    ],
  );
  assert.deepEqual(found[0].images.map(({ seriesInstanceUid }) => seriesInstanceUid).sort(), ['ct', 'mr']);
  assert.deepEqual(codes(found[0]), ['STRUCTURE_SET_REGISTERED']);
});

test('a chain of registrations joins the structure set too', () => {
  const chain = [registration('r', 'between', MR.frame, SHIFT), registration('s', 'frame', 'between', SHIFT)];
  assert.equal(courses([...CT, ...MR_SET, ...chain]).length, 1);
});

test('without a valid registration the structure set is a separate course, with the reason', () => {
  assert.equal(courses([...CT, ...MR_SET]).length, 2);
  const mirrored = courses([...CT, ...MR_SET, registration('reg', 'frame', MR.frame, MIRROR)]);
  assert.equal(mirrored.length, 2);
  assert.ok(mirrored.every((course) => codes(course).includes('REGISTRATION_REFUSED')));
});

test('a registration item that names only images has their frame of reference', () => {
  const row = byImages(registration('reg', 'frame', MR.frame, SHIFT), ['mr.0', 'mr.1']);
  const found = courses([...CT, ...MR_SET, row]);
  assert.equal(found.length, 1);
  assert.deepEqual(codes(found[0]).sort(), ['REGISTRATION_FRAME_BY_IMAGES', 'STRUCTURE_SET_REGISTERED']);
});

for (const [title, uids] of [
  ['that are not there', ['lost.0']],
  ['of two frames of reference', ['mr.0', 'ct.0']],
] as const)
  test(`a registration item of images ${title} joins nothing`, () => {
    const row = byImages(registration('reg', 'frame', MR.frame, SHIFT), [...uids]);
    const found = courses([...CT, ...MR_SET, row]);
    assert.equal(found.length, 2);
    assert.ok(found.some((course) => codes(course).includes('REGISTRATION_REFUSED')));
  });

test('a registration does not merge two treated courses', () => {
  const later = { study: 'later', frame: 'later-frame' };
  const second = [
    ...imageSeries({ series: 'ct2', ...later }),
    structureSet({ uid: 'set2', series: 'ct2', ...later }),
    plan({ uid: 'plan2', structureSet: 'set2', ...later }),
    dose({ uid: 'dose2', plans: ['plan2'], ...later }),
  ];
  assert.equal(courses([...CT, ...second, registration('reg', 'later-frame', 'frame', SHIFT)]).length, 2);
});

test('an older, different registration is reported in the course', () => {
  const rows = [
    registration('old', 'frame', MR.frame, SHIFT, { date: '2024-03-01' }),
    registration('new', 'frame', MR.frame, [...SHIFT.slice(0, 3), 25, ...SHIFT.slice(4)], { date: '2024-03-02' }),
  ];
  const [found] = courses([...CT, ...MR_SET, ...rows]);
  assert.deepEqual(
    found.findings.filter(({ code }) => code === 'REGISTRATION_SUPERSEDED').map(({ where }) => where),
    ['old'],
  );
});
