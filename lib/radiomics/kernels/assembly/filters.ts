/** Recursive filters over a volume of nx * ny * nz numbers, i fastest. All pointers are byte addresses. */

/**
 * Deriche's recursion along an axis (stride in samples) to float32, four lines at a time in double; the samples take
 * `sampleBytes`, 4 for float32, 8 for double. `taps` are the
 * doubles n0..n3, d1..d4, m1..m4, causal start, anticausal start. Lines start at bases[line] (i32); in groups of four a
 * line's neighbours lie `apart` samples on. `scratch` holds 8 doubles per sample of a line.
 */
export function filterLines(
  data: usize,
  sampleBytes: i32,
  out: usize,
  bases: usize,
  groups: i32,
  length: i32,
  stride: i32,
  apart: i32,
  taps: usize,
  scratch: usize,
): void {
  const n0: v128 = v128.load64_splat(taps);
  const n1: v128 = v128.load64_splat(taps, 8);
  const n2: v128 = v128.load64_splat(taps, 16);
  const n3: v128 = v128.load64_splat(taps, 24);
  const d1: v128 = v128.load64_splat(taps, 32);
  const d2: v128 = v128.load64_splat(taps, 40);
  const d3: v128 = v128.load64_splat(taps, 48);
  const d4: v128 = v128.load64_splat(taps, 56);
  const m1: v128 = v128.load64_splat(taps, 64);
  const m2: v128 = v128.load64_splat(taps, 72);
  const m3: v128 = v128.load64_splat(taps, 80);
  const m4: v128 = v128.load64_splat(taps, 88);
  const causalStart: v128 = v128.load64_splat(taps, 96);
  const anticausalStart: v128 = v128.load64_splat(taps, 104);
  const inputs: usize = scratch;
  const causal: usize = scratch + ((<usize>length) << 5);
  for (let g: i32 = 0; g < groups; g++) {
    const base: usize = <usize>load<i32>(bases + ((<usize>g) << 2));
    if (sampleBytes === 4) gather(data + (base << 2), inputs, length, stride, apart);
    else gatherDoubles(data + (base << 3), inputs, length, stride, apart);
    let y1: v128 = f64x2.mul(v128.load(inputs), causalStart);
    let y2: v128 = y1;
    let y3: v128 = y1;
    let y4: v128 = y1;
    let z1: v128 = f64x2.mul(v128.load(inputs, 16), causalStart);
    let z2: v128 = z1;
    let z3: v128 = z1;
    let z4: v128 = z1;
    const last: usize = (<usize>(length - 1)) << 5;
    for (let p: usize = 0; p <= last; p += 32) {
      const p1: usize = p < 32 ? 0 : p - 32;
      const p2: usize = p < 64 ? 0 : p - 64;
      const p3: usize = p < 96 ? 0 : p - 96;
      const y: v128 = f64x2.sub(
        weighted(inputs + p, inputs + p1, inputs + p2, inputs + p3, n0, n1, n2, n3),
        combined(y1, y2, y3, y4, d1, d2, d3, d4),
      );
      const z: v128 = f64x2.sub(
        weighted(inputs + p + 16, inputs + p1 + 16, inputs + p2 + 16, inputs + p3 + 16, n0, n1, n2, n3),
        combined(z1, z2, z3, z4, d1, d2, d3, d4),
      );
      y4 = y3;
      y3 = y2;
      y2 = y1;
      y1 = y;
      z4 = z3;
      z3 = z2;
      z2 = z1;
      z1 = z;
      v128.store(causal + p, y);
      v128.store(causal + p, z, 16);
    }
    y1 = f64x2.mul(v128.load(inputs + last), anticausalStart);
    y2 = y1;
    y3 = y1;
    y4 = y1;
    z1 = f64x2.mul(v128.load(inputs + last, 16), anticausalStart);
    z2 = z1;
    z3 = z1;
    z4 = z1;
    for (let i: i32 = length - 1; i >= 0; i--) {
      const p: usize = (<usize>i) << 5;
      const p1: usize = min(p + 32, last);
      const p2: usize = min(p + 64, last);
      const p3: usize = min(p + 96, last);
      const p4: usize = min(p + 128, last);
      const y: v128 = f64x2.sub(
        weighted(inputs + p1, inputs + p2, inputs + p3, inputs + p4, m1, m2, m3, m4),
        combined(y1, y2, y3, y4, d1, d2, d3, d4),
      );
      const z: v128 = f64x2.sub(
        weighted(inputs + p1 + 16, inputs + p2 + 16, inputs + p3 + 16, inputs + p4 + 16, m1, m2, m3, m4),
        combined(z1, z2, z3, z4, d1, d2, d3, d4),
      );
      y4 = y3;
      y3 = y2;
      y2 = y1;
      y1 = y;
      z4 = z3;
      z3 = z2;
      z2 = z1;
      z1 = z;
      v128.store(causal + p, f64x2.add(v128.load(causal + p), y));
      v128.store(causal + p, f64x2.add(v128.load(causal + p, 16), z), 16);
    }
    scatter(causal, out + (base << 2), length, stride, apart);
  }
}

@inline
function weighted(a: usize, b: usize, c: usize, d: usize, wa: v128, wb: v128, wc: v128, wd: v128): v128 {
  return combined(v128.load(a), v128.load(b), v128.load(c), v128.load(d), wa, wb, wc, wd);
}

/** The order of the sum is ITK's. */
@inline
function combined(a: v128, b: v128, c: v128, d: v128, wa: v128, wb: v128, wc: v128, wd: v128): v128 {
  const first: v128 = f64x2.add(f64x2.mul(a, wa), f64x2.mul(b, wb));
  return f64x2.add(f64x2.add(first, f64x2.mul(c, wc)), f64x2.mul(d, wd));
}

/** Four lines of float32 as doubles, sample by sample. */
function gather(from: usize, to: usize, length: i32, stride: i32, apart: i32): void {
  const by: usize = (<usize>stride) << 2;
  const next: usize = (<usize>apart) << 2;
  let p: usize = from;
  let q: usize = to;
  for (let i: i32 = 0; i < length; i++, p += by, q += 32) {
    if (apart == 1) {
      const four: v128 = v128.load(p);
      v128.store(q, f64x2.promote_low_f32x4(four));
      v128.store(q, f64x2.promote_low_f32x4(v128.shuffle<u64>(four, four, 1, 0)), 16);
    } else {
      store<f64>(q, <f64>load<f32>(p));
      store<f64>(q, <f64>load<f32>(p + next), 8);
      store<f64>(q, <f64>load<f32>(p + 2 * next), 16);
      store<f64>(q, <f64>load<f32>(p + 3 * next), 24);
    }
  }
}

function gatherDoubles(from: usize, to: usize, length: i32, stride: i32, apart: i32): void {
  const by: usize = (<usize>stride) << 3;
  const next: usize = (<usize>apart) << 3;
  let p: usize = from;
  for (let i: i32 = 0; i < length; i++, p += by, to += 32) {
    for (let line: usize = 0; line < 4; line++) store<f64>(to + (line << 3), load<f64>(p + line * next));
  }
}

function scatter(from: usize, to: usize, length: i32, stride: i32, apart: i32): void {
  const by: usize = (<usize>stride) << 2;
  const next: usize = (<usize>apart) << 2;
  let p: usize = to;
  let q: usize = from;
  for (let i: i32 = 0; i < length; i++, p += by, q += 32) {
    if (apart == 1) {
      const low: v128 = f32x4.demote_f64x2_zero(v128.load(q));
      const high: v128 = f32x4.demote_f64x2_zero(v128.load(q, 16));
      v128.store(p, v128.shuffle<u64>(low, high, 0, 2));
    } else {
      store<f32>(p, <f32>load<f64>(q));
      store<f32>(p + next, <f32>load<f64>(q, 8));
      store<f32>(p + 2 * next, <f32>load<f64>(q, 16));
      store<f32>(p + 3 * next, <f32>load<f64>(q, 24));
    }
  }
}

/**
 * sum += data / divisor, each quotient in double and each sum rounded to float32, over a box of nx * ny * nz numbers whose
 * rows and planes lie `rowBytes` and `planeBytes` apart.
 */
export function addQuotients(
  data: usize,
  divisor: f64,
  sum: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  rowBytes: i32,
  planeBytes: i32,
): void {
  const divisors: v128 = f64x2.splat(divisor);
  for (let k: i32 = 0; k < nz; k++) {
    for (let j: i32 = 0; j < ny; j++) {
      let p: usize = <usize>k * <usize>planeBytes + <usize>j * <usize>rowBytes;
      const end: usize = p + ((<usize>nx) << 2);
      for (; p + 8 <= end; p += 8) {
        const quotients: v128 = f64x2.div(f64x2.promote_low_f32x4(v128.load64_zero(data + p)), divisors);
        const sums: v128 = f64x2.add(f64x2.promote_low_f32x4(v128.load64_zero(sum + p)), quotients);
        v128.store64_lane(sum + p, f32x4.demote_f64x2_zero(sums), 0);
      }
      if (p < end) store<f32>(sum + p, <f32>(<f64>load<f32>(sum + p) + <f64>load<f32>(data + p) / divisor));
    }
  }
}
