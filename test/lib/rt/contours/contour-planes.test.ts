import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MEASURE_OPTIONS } from '#lib/dvh/course.ts';
import { measureRoi } from '#lib/dvh/measure-roi.ts';
import type { Grid } from '#lib/image/grid.ts';
import { maskVolumeCc } from '#lib/image/mask.ts';
import { slicePlanesOf } from '#lib/image/slice-planes.ts';
import type { Mat3 } from '#lib/math/vec3.ts';
import { seededRandom } from '#lib/random.ts';
import { readContourPlanes } from '#lib/rt/contours/contour-planes.ts';
import type { Contour, Roi } from '#lib/rt/structure-set.ts';
import { maskOfRoi } from '#lib/structures/rasterize.ts';
import { circle, type FlatLoop, gridAround, planes, rectangle, roiOf, rotationOf } from '#test/fixtures/dvh-phantom.ts';

const TILT = rotationOf(0.4, 0.7);
const SLICE_MM = 3;
/** A mask counts centres of pixels of 0.25 mm: along borders of 70 mm around areas of 190 mm2 that leaves up to 1.5 %. */
const OF_PIXELS = 0.015;
/** A micrometre moves borders of 10 mm by less than 1e-3 of the area, and a few centres of pixels with them. */
const OF_ROUNDING = 5e-3;

/** A wavy loop about the origin whose radius changes with z: no symmetry hides a fault. */
function blob(seed: number): (z: number) => FlatLoop[] {
  const random = seededRandom(seed);
  const waves = [2, 3, 4].map((n) => ({ n, size: 2.5 * random(), phase: 6 * random() }));
  const [dx, dy] = [6 * random() - 3, 6 * random() - 3];
  return (z) => {
    const base = 14 - Math.abs(z) / 4;
    return [
      Array.from({ length: 80 }, (_, p) => {
        const angle = (2 * Math.PI * p) / 80;
        const r = base + waves.reduce((sum, { n, size, phase }) => sum + size * Math.cos(n * angle + phase), 0);
        return [dx + r * Math.cos(angle), dy + r * Math.sin(angle)];
      }),
    ];
  };
}

const reversed = (contour: Contour): Contour => ({ ...contour, pointsMm: inOrder(contour, (p, n) => n - 1 - p) });
const shifted = (contour: Contour): Contour => ({ ...contour, pointsMm: inOrder(contour, (p, n) => (p + 17) % n) });

function inOrder({ pointsMm }: Contour, place: (p: number, count: number) => number): Float64Array {
  const count = pointsMm.length / 3;
  return Float64Array.from(
    { length: pointsMm.length },
    (_, c) => pointsMm[3 * place(Math.floor(c / 3), count) + (c % 3)],
  );
}

/** A point in the middle of every side: the same border with twice the points. */
function refined(contour: Contour): Contour {
  const { pointsMm } = contour;
  const points: number[] = [];
  for (let p = 0; p < pointsMm.length; p += 3) {
    const [a, b] = [pointsMm.subarray(p, p + 3), pointsMm.subarray((p + 3) % pointsMm.length).subarray(0, 3)];
    points.push(...a, ...[0, 1, 2].map((c) => (a[c] + b[c]) / 2));
  }
  return { ...contour, pointsMm: Float64Array.from(points) };
}

const closedAgain = (contour: Contour): Contour => ({
  ...contour,
  pointsMm: Float64Array.from([...contour.pointsMm, ...contour.pointsMm.subarray(0, 3)]),
});
const negativeZero = (contour: Contour): Contour => ({
  ...contour,
  pointsMm: contour.pointsMm.map((c) => (Math.abs(c) < 1e-9 ? -0 : c)),
});
const toMicrometres = (contour: Contour): Contour => ({
  ...contour,
  pointsMm: contour.pointsMm.map((c) => Math.round(1000 * c) / 1000),
});

/** What may be stored beside every contour without a change of the ROI. */
const COPIES: Record<string, (contour: Contour) => Contour> = {
  'as it is': (contour) => contour,
  'from another point': shifted,
  reversed,
  'reversed from another point': (contour) => shifted(reversed(contour)),
  'with more points': refined,
  'with the first point again at its end': closedAgain,
  'with zeros of the other sign': negativeZero,
  'rounded to micrometres': toMicrometres,
};

const SECTIONS: Record<string, (z: number) => FlatLoop[]> = {
  'a cylinder about the origin': () => [circle(12)],
  'a square about the origin': () => [rectangle(-12, 12, -12, 12)],
  'a ring': () => [circle(14), circle(6)],
  'two parts': () => [circle(6, [-9, 0]), circle(5, [9, 1])],
  ...Object.fromEntries([1, 2, 3].map((seed) => [`blob ${seed}`, blob(seed)])),
};

for (const [shape, section] of Object.entries(SECTIONS)) {
  for (const [placed, rotation] of Object.entries({ axial: undefined, oblique: TILT })) {
    const roi = roiOf(planes(-12, 12, SLICE_MM), section, { rotation });
    const alone = measured(roi, rotation);

    test(`mask and DVH agree on the volume: ${shape}, ${placed}`, () => {
      assert.ok(Math.abs(alone.maskCc / alone.dvhCc - 1) < OF_PIXELS, `${alone.maskCc} and ${alone.dvhCc} cc`);
      assert.deepEqual([alone.maskCodes, alone.dvhCodes], [[], []]);
    });

    for (const [copy, make] of Object.entries(COPIES))
      test(`a contour repeated ${copy} counts once in mask and DVH: ${shape}, ${placed}`, () => {
        const twice = measured({ ...roi, contours: roi.contours.flatMap((one) => [one, make(one)]) }, rotation);
        const moved = make === toMicrometres ? OF_ROUNDING : 1e-9;
        assert.ok(Math.abs(twice.maskCc - alone.maskCc) <= moved * alone.maskCc, `${twice.maskCc} cc`);
        assert.ok(Math.abs(twice.dvhCc - alone.dvhCc) <= moved * alone.dvhCc, `${twice.dvhCc} cc`);
        assert.deepEqual([twice.maskCodes, twice.dvhCodes], [['CONTOUR_REPEATED'], ['CONTOUR_REPEATED']]);
      });
  }
}

const STRAY: Contour = {
  type: 'CLOSED_PLANAR',
  pointsMm: Float64Array.of(0, -5, -5, 0, 5, -5, 0, 5, 5, 0, -5, 5),
  imageUids: [],
};
const BESIDE: [name: string, contours: Contour[], code: string][] = [
  ['a contour across the others', [STRAY], 'CONTOURS_IN_SEVERAL_ORIENTATIONS'],
  ['an open contour', [{ ...at(0), type: 'OPEN_PLANAR' }], 'CONTOUR_OPEN'],
  ['a point', [{ ...at(0), type: 'POINT', pointsMm: Float64Array.of(1, 2, 3) }], 'CONTOUR_IS_POINT'],
  ['two points', [{ ...at(0), pointsMm: Float64Array.of(1, 2, 3, 4, 5, 3) }], 'CONTOUR_TOO_FEW_POINTS'],
  ['points on a line', [{ ...at(0), pointsMm: Float64Array.of(0, 0, 3, 1, 0, 3, 2, 0, 3) }], 'CONTOUR_WITHOUT_AREA'],
  ['a contour off its plane', [offPlane(2.2)], 'CONTOUR_NOT_PLANAR'],
  ['a contour metres away', [{ ...at(0), pointsMm: at(0).pointsMm.map((c) => c + 2e4) }], 'CONTOUR_FAR_AWAY'],
];

for (const [name, contours, code] of BESIDE)
  test(`mask and DVH leave out and report the same contours: ${name}`, () => {
    const roi = roiOf(planes(-12, 12, SLICE_MM), SECTIONS['a ring']);
    const alone = measured(roi);
    const both = measured({ ...roi, contours: [...roi.contours, ...contours] });
    assert.deepEqual([both.maskCc, both.dvhCc], [alone.maskCc, alone.dvhCc]);
    assert.deepEqual([both.maskCodes, both.dvhCodes], [[code], [code]]);
  });

test('mask and DVH report crossing contours, except contours of type XOR', () => {
  const cross = roiOf(planes(-12, 12, SLICE_MM), () => [rectangle(-10, 5, -5, 5), rectangle(-5, 10, -4, 6)]);
  const { maskCc, dvhCc, maskCodes, dvhCodes } = measured(cross);
  assert.deepEqual([maskCodes, dvhCodes], [['CONTOURS_CROSS'], ['CONTOURS_CROSS']]);
  const exactCc = (27 * (2 * 150 - 2 * 90)) / 1000;
  assert.ok(Math.abs(dvhCc / exactCc - 1) < 0.005 && Math.abs(maskCc / exactCc - 1) < 0.02, `${maskCc} ${dvhCc} cc`);
  const xor = cross.contours.map((one): Contour => ({ ...one, type: 'CLOSEDPLANAR_XOR' }));
  assert.deepEqual(measured({ ...cross, contours: xor }).dvhCodes, []);
});

test('a contour is reported as not planar from 1 mm off its plane on either side', () => {
  const codes = (mm: number) => readContourPlanes([offPlane(mm)], '').findings.map(({ code }) => code);
  assert.deepEqual(codes(1.9), []);
  assert.deepEqual(codes(2.1), ['CONTOUR_NOT_PLANAR']);
});

test('contours less than 0.1 mm apart lie on one plane, others on two', () => {
  const planesOf = (mm: number) => readContourPlanes([at(0), { ...at(mm), pointsMm: small(mm) }], '').planes.length;
  assert.deepEqual([planesOf(0.09), planesOf(0.11)], [1, 2]);
});

test('planes count as parallel up to 2.5 degrees; tiny contours tilted by rounding lie in the plane', () => {
  const tilted = (degrees: number, half: number): Contour => {
    const rise = half * Math.tan((degrees * Math.PI) / 180);
    const pointsMm = Float64Array.of(
      -half,
      -half,
      6 - rise,
      half,
      -half,
      6 + rise,
      half,
      half,
      6 + rise,
      -half,
      half,
      6 - rise,
    );
    return { ...at(0), pointsMm };
  };
  const lost = (contour: Contour) => readContourPlanes([at(0), at(3), contour], '').findings.length;
  assert.deepEqual([lost(tilted(2.4, 8)), lost(tilted(2.7, 8)), lost(tilted(20, 0.2))], [0, 1, 0]);
});

function at(z: number): Contour {
  return roiOf([z], () => [rectangle(-10, 10, -10, 10)]).contours[0];
}

function small(z: number): Float64Array {
  return roiOf([z], () => [rectangle(-4, 4, -4, 4)]).contours[0].pointsMm;
}

/** A square whose corners lie by turns half of `mm` above and below its plane. */
function offPlane(mm: number): Contour {
  return {
    ...at(0),
    pointsMm: at(0).pointsMm.map((c, n) => (n % 3 === 2 ? ((n - 2) % 6 === 0 ? mm / 2 : -mm / 2) : c)),
  };
}

/** Prisms are what a mask is made of. */
function measured(roi: Roi, rotation?: Mat3) {
  const around = gridAround(24, 0.25, { rotation });
  const slices = 17;
  const half = -((slices - 1) / 2) * SLICE_MM;
  const corner = around.originMm.map((c, a) => c + around.direction[3 * a + 2] * (half + 24));
  const grid: Grid = {
    ...around,
    size: [around.size[0], around.size[1], slices],
    spacingMm: [0.25, 0.25, SLICE_MM],
    originMm: [corner[0], corner[1], corner[2]],
  };
  const { mask, findings: ofMask } = maskOfRoi(roi, grid);
  const options = { ...DEFAULT_MEASURE_OPTIONS, interpolation: 'prism' as const, endCap: 'half-gap' as const };
  const region = { kind: 'contours' as const, roi, slices: slicePlanesOf(grid) };
  const { volumeCc, findings: ofDvh } = measureRoi({ region, options, where: 'ROI 1' });
  const codes = (findings: { code: string }[]) =>
    findings.map(({ code }) => code).filter((c) => c !== 'END_CAPS_LARGE');
  return {
    maskCc: maskVolumeCc(mask),
    dvhCc: volumeCc,
    maskCodes: codes(ofMask),
    dvhCodes: codes(ofDvh),
  };
}
