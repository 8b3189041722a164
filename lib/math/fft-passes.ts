import type { FftPlan } from './fft-plan.ts';

/** Where the `radix` inputs of one group of butterflies lie, where the outputs go, and the first twiddle factor. */
interface Group {
  stride: number;
  from: number;
  leap: number;
  to: number;
  twiddle: number;
}

/**
 * One decimation in frequency of Stockham's transform, from x to y:
 * y[q + s (r p + j)] = w^(p j) sum_k x[q + s (p + m k)] exp(-2 pi i j k / r), m = length / r, w = exp(-2 pi i / length).
 */
export function decimate(
  plan: FftPlan,
  radix: number,
  length: number,
  stride: number,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const m = length / radix;
  const step = plan.length / length;
  const butterfly = BUTTERFLIES[radix] ?? radixOdd;
  for (let p = 0; p < m; p++) {
    const group = { stride, from: stride * p, leap: stride * m, to: stride * radix * p, twiddle: p * step };
    butterfly(plan, group, xr, xi, yr, yi, radix);
  }
}

type Butterfly = (
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  radix: number,
) => void;

const BUTTERFLIES: Record<number, Butterfly> = { 2: radix2, 3: radix3, 4: radix4, 5: radix5 };

function radix2(
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const { stride, from, leap, to, twiddle } = group;
  const c = plan.cosines[twiddle];
  const s = plan.sines[twiddle];
  for (let q = 0; q < stride; q++) {
    const ar = xr[from + q];
    const ai = xi[from + q];
    const br = xr[from + leap + q];
    const bi = xi[from + leap + q];
    yr[to + q] = ar + br;
    yi[to + q] = ai + bi;
    const dr = ar - br;
    const di = ai - bi;
    yr[to + stride + q] = dr * c - di * s;
    yi[to + stride + q] = dr * s + di * c;
  }
}

function radix3(
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const { stride, from, leap, to, twiddle } = group;
  const c1 = plan.cosines[twiddle];
  const s1 = plan.sines[twiddle];
  const c2 = plan.cosines[2 * twiddle];
  const s2 = plan.sines[2 * twiddle];
  const sin60 = Math.sqrt(0.75);
  for (let q = 0; q < stride; q++) {
    const a = from + q;
    const b = a + leap;
    const c = b + leap;
    const sumR = xr[b] + xr[c];
    const sumI = xi[b] + xi[c];
    const turnR = sin60 * (xi[b] - xi[c]);
    const turnI = sin60 * (xr[c] - xr[b]);
    const midR = xr[a] - 0.5 * sumR;
    const midI = xi[a] - 0.5 * sumI;
    let o = to + q;
    yr[o] = xr[a] + sumR;
    yi[o] = xi[a] + sumI;
    o += stride;
    yr[o] = (midR + turnR) * c1 - (midI + turnI) * s1;
    yi[o] = (midR + turnR) * s1 + (midI + turnI) * c1;
    o += stride;
    yr[o] = (midR - turnR) * c2 - (midI - turnI) * s2;
    yi[o] = (midR - turnR) * s2 + (midI - turnI) * c2;
  }
}

function radix4(
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const { stride, from, leap, to, twiddle } = group;
  const c1 = plan.cosines[twiddle];
  const s1 = plan.sines[twiddle];
  const c2 = plan.cosines[2 * twiddle];
  const s2 = plan.sines[2 * twiddle];
  const c3 = plan.cosines[3 * twiddle];
  const s3 = plan.sines[3 * twiddle];
  for (let q = 0; q < stride; q++) {
    const a = from + q;
    const b = a + leap;
    const c = b + leap;
    const d = c + leap;
    const sumAcR = xr[a] + xr[c];
    const sumAcI = xi[a] + xi[c];
    const difAcR = xr[a] - xr[c];
    const difAcI = xi[a] - xi[c];
    const sumBdR = xr[b] + xr[d];
    const sumBdI = xi[b] + xi[d];
    const difBdR = xr[b] - xr[d];
    const difBdI = xi[b] - xi[d];
    let o = to + q;
    yr[o] = sumAcR + sumBdR;
    yi[o] = sumAcI + sumBdI;
    o += stride;
    yr[o] = (difAcR + difBdI) * c1 - (difAcI - difBdR) * s1;
    yi[o] = (difAcR + difBdI) * s1 + (difAcI - difBdR) * c1;
    o += stride;
    yr[o] = (sumAcR - sumBdR) * c2 - (sumAcI - sumBdI) * s2;
    yi[o] = (sumAcR - sumBdR) * s2 + (sumAcI - sumBdI) * c2;
    o += stride;
    yr[o] = (difAcR - difBdI) * c3 - (difAcI + difBdR) * s3;
    yi[o] = (difAcR - difBdI) * s3 + (difAcI + difBdR) * c3;
  }
}

function radix5(
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const { stride, from, leap, to, twiddle } = group;
  const { cosines, sines } = plan;
  const cos72 = Math.cos((2 * Math.PI) / 5);
  const cos144 = Math.cos((4 * Math.PI) / 5);
  const sin72 = Math.sin((2 * Math.PI) / 5);
  const sin144 = Math.sin((4 * Math.PI) / 5);
  for (let q = 0; q < stride; q++) {
    const a = from + q;
    const b = a + leap;
    const c = b + leap;
    const d = c + leap;
    const e = d + leap;
    const sumBeR = xr[b] + xr[e];
    const sumBeI = xi[b] + xi[e];
    const difBeR = xr[b] - xr[e];
    const difBeI = xi[b] - xi[e];
    const sumCdR = xr[c] + xr[d];
    const sumCdI = xi[c] + xi[d];
    const difCdR = xr[c] - xr[d];
    const difCdI = xi[c] - xi[d];
    const even1R = xr[a] + cos72 * sumBeR + cos144 * sumCdR;
    const even1I = xi[a] + cos72 * sumBeI + cos144 * sumCdI;
    const even2R = xr[a] + cos144 * sumBeR + cos72 * sumCdR;
    const even2I = xi[a] + cos144 * sumBeI + cos72 * sumCdI;
    const odd1R = sin72 * difBeI + sin144 * difCdI;
    const odd1I = -sin72 * difBeR - sin144 * difCdR;
    const odd2R = sin144 * difBeI - sin72 * difCdI;
    const odd2I = -sin144 * difBeR + sin72 * difCdR;
    const o = to + q;
    yr[o] = xr[a] + sumBeR + sumCdR;
    yi[o] = xi[a] + sumBeI + sumCdI;
    store(yr, yi, o + stride, even1R + odd1R, even1I + odd1I, cosines[twiddle], sines[twiddle]);
    store(yr, yi, o + 2 * stride, even2R + odd2R, even2I + odd2I, cosines[2 * twiddle], sines[2 * twiddle]);
    store(yr, yi, o + 3 * stride, even2R - odd2R, even2I - odd2I, cosines[3 * twiddle], sines[3 * twiddle]);
    store(yr, yi, o + 4 * stride, even1R - odd1R, even1I - odd1I, cosines[4 * twiddle], sines[4 * twiddle]);
  }
}

function store(yr: Float64Array, yi: Float64Array, at: number, r: number, i: number, c: number, s: number): void {
  yr[at] = r * c - i * s;
  yi[at] = r * s + i * c;
}

/** Any odd radix, by the symmetry of exp(-2 pi i j k / r) in k: half of the multiplications. */
function radixOdd(
  plan: FftPlan,
  group: Group,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
  radix: number,
): void {
  const { stride, from, leap, to, twiddle } = group;
  const { length, cosines, sines } = plan;
  const root = length / radix;
  const half = (radix - 1) >> 1;
  for (let j = 0; j <= half; j++) {
    const mirrored = j === 0 ? 0 : radix - j;
    for (let q = 0; q < stride; q++) {
      let evenR = xr[from + q];
      let evenI = xi[from + q];
      let oddR = 0;
      let oddI = 0;
      for (let k = 1; k <= half; k++) {
        const a = from + leap * k + q;
        const b = from + leap * (radix - k) + q;
        const w = ((j * k) % radix) * root;
        evenR += cosines[w] * (xr[a] + xr[b]);
        evenI += cosines[w] * (xi[a] + xi[b]);
        oddR += sines[w] * (xi[b] - xi[a]);
        oddI += sines[w] * (xr[a] - xr[b]);
      }
      store(
        yr,
        yi,
        to + stride * mirrored + q,
        evenR - oddR,
        evenI - oddI,
        cosines[twiddle * mirrored],
        sines[twiddle * mirrored],
      );
      store(yr, yi, to + stride * j + q, evenR + oddR, evenI + oddI, cosines[twiddle * j], sines[twiddle * j]);
    }
  }
}
