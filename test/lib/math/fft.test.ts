import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFft, smoothLength, transformLines } from '#lib/math/fft.ts';
import { transformGrid } from '#lib/math/fft-grid.ts';
import { fromHalfSpectrum, halfSpectrum } from '#lib/math/real-fft-grid.ts';
import { seededRandom } from '#lib/random.ts';

/** Powers of two, the other radices, an odd prime done directly, and primes done by the chirp. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 12, 30, 49, 62, 64, 67, 180, 197, 204];

for (const length of LENGTHS) {
  test(`a transform of ${length} numbers equals its defining sum, for several lines at once`, () => {
    const lines = 3;
    const { re, im } = noise(length * lines);
    const expected = definingSum(re, im, length, lines);
    transformLines(planFft(length), re, im, lines);
    assert.ok(largestDifference(re, expected.re) < 1e-11);
    assert.ok(largestDifference(im, expected.im) < 1e-11);
  });
}

test('swapping real and imaginary part gives the inverse times N, on a grid of any size', () => {
  const size = [6, 7, 37];
  const count = 6 * 7 * 37;
  const { re, im } = noise(count);
  const [keptRe, keptIm] = [re.slice(), im.slice()];
  transformGrid(re, im, size);
  transformGrid(im, re, size);
  const scale = (x: number) => x / count;
  assert.ok(largestDifference(re.map(scale), keptRe) < 1e-13);
  assert.ok(largestDifference(im.map(scale), keptIm) < 1e-13);
});

test('a plane wave on a grid has one frequency', () => {
  const size = [8, 9, 10];
  const re = new Float64Array(720);
  const im = new Float64Array(720);
  for (let n = 0; n < 720; n++) {
    const [i, j, k] = [n % 8, Math.floor(n / 8) % 9, Math.floor(n / 72)];
    const angle = 2 * Math.PI * ((3 * i) / 8 + (2 * j) / 9 + (7 * k) / 10);
    re[n] = Math.cos(angle);
    im[n] = Math.sin(angle);
  }
  transformGrid(re, im, size);
  const at = 3 + 8 * (2 + 9 * 7);
  assert.ok(Math.abs(re[at] - 720) < 1e-9);
  re[at] = 0;
  assert.ok(largestDifference(re, new Float64Array(720)) < 1e-9);
});

for (const size of [
  [6, 5, 3],
  [7, 4, 1],
  [9, 3, 3],
]) {
  test(`the half spectrum of real numbers on a grid ${size} equals the full one and inverts to the numbers`, () => {
    const count = size[0] * size[1] * size[2];
    const { re } = noise(count);
    const [wholeRe, wholeIm] = [re.slice(), new Float64Array(count)];
    transformGrid(wholeRe, wholeIm, size);
    const half = halfSpectrum(re, size, [1, 2]);
    const [nx, nh] = [size[0], half.size[0]];
    const rows = Array.from({ length: count / nx }, (_, row) => row);
    const picked = (from: Float64Array) =>
      Float64Array.from(rows.flatMap((row) => [...from.subarray(row * nx, row * nx + nh)]));
    assert.ok(largestDifference(half.re, picked(wholeRe)) < 1e-12);
    assert.ok(largestDifference(half.im, picked(wholeIm)) < 1e-12);
    const back = fromHalfSpectrum(half, nx, [1, 2]).map((x) => x / count);
    assert.ok(largestDifference(back, re) < 1e-13);
  });
}

test('only the named axes are transformed', () => {
  const { re, im } = noise(4 * 5);
  const expected = definingSum(re, im, 5, 4);
  transformGrid(re, im, [4, 5], [1]);
  assert.ok(largestDifference(re, expected.re) < 1e-12);
});

test('smooth lengths have no prime factor above 5', () => {
  const cases = [
    [0, 1],
    [7, 8],
    [11, 12],
    [121, 125],
    [197, 200],
  ];
  for (const [n, expected] of cases) assert.equal(smoothLength(n), expected);
});

function noise(count: number): { re: Float64Array; im: Float64Array } {
  const random = seededRandom(count);
  return {
    re: Float64Array.from({ length: count }, () => random() - 0.5),
    im: Float64Array.from({ length: count }, () => random() - 0.5),
  };
}

function definingSum(re: Float64Array, im: Float64Array, length: number, lines: number) {
  const sum = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  for (let k = 0; k < length; k++) {
    for (let b = 0; b < lines; b++) {
      for (let n = 0; n < length; n++) {
        const angle = (-2 * Math.PI * ((k * n) % length)) / length;
        const [c, s, at] = [Math.cos(angle), Math.sin(angle), n * lines + b];
        sum.re[k * lines + b] += re[at] * c - im[at] * s;
        sum.im[k * lines + b] += re[at] * s + im[at] * c;
      }
    }
  }
  return sum;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, x, n) => Math.max(largest, Math.abs(x - b[n])), 0);
}
