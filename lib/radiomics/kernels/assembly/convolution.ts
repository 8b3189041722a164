/** Convolutions over a volume of nx * ny * nz numbers, i fastest. All pointers are byte addresses. */

/**
 * y[i] = sum_k f[k] x[(i + tapCount/2 - k) mod n] for two filters at once, float32 or double throughout, along an axis: `blocks`
 * stretches of n * stride numbers. As in PyWavelets, taps that reach over the end of the line are added first, in reverse.
 * `taps` holds those of the first filter, then those of the second. `scratch` takes n + tapCount numbers, and behind them two i32 per tap.
 */
export function convolve32(
  data: usize,
  low: usize,
  high: usize,
  blocks: i32,
  n: i32,
  stride: i32,
  taps: usize,
  tapCount: i32,
  scratch: usize,
): void {
  convolve<f32>(data, low, high, blocks, n, stride, taps, tapCount, scratch);
}

export function convolve64(
  data: usize,
  low: usize,
  high: usize,
  blocks: i32,
  n: i32,
  stride: i32,
  taps: usize,
  tapCount: i32,
  scratch: usize,
): void {
  convolve<f64>(data, low, high, blocks, n, stride, taps, tapCount, scratch);
}

@inline
function convolve<T>(
  data: usize,
  low: usize,
  high: usize,
  blocks: i32,
  n: i32,
  stride: i32,
  taps: usize,
  tapCount: i32,
  scratch: usize,
): void {
  const blockBytes: usize = <usize>n * <usize>stride * sizeof<T>();
  for (let b: i32 = 0; b < blocks; b++, data += blockBytes, low += blockBytes, high += blockBytes) {
    if (stride === 1) convolveLine<T>(data, low, high, n, taps, tapCount, scratch);
    else convolveRows<T>(data, low, high, n, stride, taps, tapCount, scratch);
  }
}

/** The k-th tap to be added to result i. */
@inline
function tapOf(k: i32, i: i32, n: i32, tapCount: i32): i32 {
  const beyond: i32 = i + (tapCount >> 1) - n + 1;
  return k < beyond ? beyond - 1 - k : k;
}

/**
 * The line is copied with its ends wrapped around it; sample 0 stands at place tapCount - 1 - tapCount/2. Its results are the sums of
 * a row whose samples for the next tap stand one place before, but at the end, where the taps come in another order.
 */
@inline
function convolveLine<T>(
  from: usize,
  low: usize,
  high: usize,
  n: i32,
  taps: usize,
  tapCount: i32,
  scratch: usize,
): void {
  const width: usize = sizeof<T>();
  const half: i32 = tapCount >> 1;
  const highTaps: usize = taps + <usize>tapCount * width;
  for (let i: i32 = 0; i < n + tapCount; i++) {
    const source: i32 = (((i + half - tapCount + 1) % n) + n) % n;
    store<T>(scratch + <usize>i * width, load<T>(from + <usize>source * width));
  }
  const order: usize = scratch + <usize>(n + tapCount) * width;
  for (let k: i32 = 0; k < tapCount; k++) setTap(order, k, <u32>k * <u32>width, <u32>(tapCount - 1 - k) * <u32>width);
  const count: i32 = max(0, n - half);
  sumRow<T>(scratch, low, high, count, taps, tapCount, order);
  for (let i: i32 = count; i < n; i++) {
    let lowSum: T = 0 as T;
    let highSum: T = 0 as T;
    for (let k: i32 = 0; k < tapCount; k++) {
      const tap: i32 = tapOf(k, i, n, tapCount);
      const sample: T = load<T>(scratch + <usize>(i + tapCount - 1 - tap) * width);
      lowSum += load<T>(taps + <usize>tap * width) * sample;
      highSum += load<T>(highTaps + <usize>tap * width) * sample;
    }
    store<T>(low + <usize>i * width, lowSum);
    store<T>(high + <usize>i * width, highSum);
  }
}

/** The k-th tap to be added, and where its row of samples starts, in bytes. */
@inline
function setTap(order: usize, k: i32, tap: u32, start: u32): void {
  store<u32>(order + ((<usize>k) << 3), tap);
  store<u32>(order + ((<usize>k) << 3), start, 4);
}

/** So many bytes of each row are filtered along the whole axis before the next: the rows that a result needs stay in the cache. */
const STRIP_BYTES: i32 = 4096;

/** Rows of `stride` numbers are filtered side by side; scratch holds the order of the taps and where their rows start. */
@inline
function convolveRows<T>(
  from: usize,
  low: usize,
  high: usize,
  n: i32,
  stride: i32,
  taps: usize,
  tapCount: i32,
  scratch: usize,
): void {
  const width: usize = sizeof<T>();
  const strip: i32 = STRIP_BYTES / <i32>width;
  const half: i32 = tapCount >> 1;
  for (let start: i32 = 0; start < stride; start += strip) {
    const count: i32 = min(strip, stride - start);
    const column: usize = <usize>start * width;
    for (let i: i32 = 0; i < n; i++) {
      for (let k: i32 = 0; k < tapCount; k++) {
        const tap: i32 = tapOf(k, i, n, tapCount);
        const source: i32 = (((i + half - tap) % n) + n) % n;
        setTap(scratch, k, <u32>tap * <u32>width, <u32>(source * stride) * <u32>width);
      }
      const row: usize = <usize>i * <usize>stride * width + column;
      sumRow<T>(from + column, low + row, high + row, count, taps, tapCount, scratch);
    }
  }
}

/** Both sums of a row, from the rows that `order` names tap by tap. */
@inline
function sumRow<T>(
  from: usize,
  low: usize,
  high: usize,
  count: i32,
  taps: usize,
  tapCount: i32,
  order: usize,
): void {
  const width: usize = sizeof<T>();
  const lanes: i32 = 16 / <i32>width;
  const highTaps: usize = taps + <usize>tapCount * width;
  let q: i32 = 0;
  for (; q + 2 * lanes <= count; q += 2 * lanes) {
    const place: usize = <usize>q * width;
    let lowSum: v128 = v128.splat<T>(0 as T);
    let highSum: v128 = v128.splat<T>(0 as T);
    let lowNext: v128 = v128.splat<T>(0 as T);
    let highNext: v128 = v128.splat<T>(0 as T);
    for (let k: i32 = 0; k < tapCount; k++) {
      const tap: usize = <usize>load<u32>(order + ((<usize>k) << 3));
      const x: usize = from + place + <usize>load<u32>(order + ((<usize>k) << 3), 4);
      const lowTap: v128 = v128.splat<T>(load<T>(taps + tap));
      const highTap: v128 = v128.splat<T>(load<T>(highTaps + tap));
      const samples: v128 = v128.load(x);
      const next: v128 = v128.load(x, 16);
      lowSum = v128.add<T>(lowSum, v128.mul<T>(lowTap, samples));
      highSum = v128.add<T>(highSum, v128.mul<T>(highTap, samples));
      lowNext = v128.add<T>(lowNext, v128.mul<T>(lowTap, next));
      highNext = v128.add<T>(highNext, v128.mul<T>(highTap, next));
    }
    v128.store(low + place, lowSum);
    v128.store(high + place, highSum);
    v128.store(low + place, lowNext, 16);
    v128.store(high + place, highNext, 16);
  }
  for (; q < count; q++) {
    const place: usize = <usize>q * width;
    let lowSum: T = 0 as T;
    let highSum: T = 0 as T;
    for (let k: i32 = 0; k < tapCount; k++) {
      const tap: usize = <usize>load<u32>(order + ((<usize>k) << 3));
      const sample: T = load<T>(from + place + <usize>load<u32>(order + ((<usize>k) << 3), 4));
      lowSum += load<T>(taps + tap) * sample;
      highSum += load<T>(highTaps + tap) * sample;
    }
    store<T>(low + place, lowSum);
    store<T>(high + place, highSum);
  }
}

/** Moves the first rows and planes of a padded volume together, over its own bytes: a row is never written before it is read. */
export function trim(data: usize, rowBytes: i32, rows: i32, planes: i32, paddedRowBytes: i32, paddedRows: i32): void {
  let to: usize = data;
  for (let k: i32 = 0; k < planes; k++) {
    let from: usize = data + <usize>(k * paddedRows) * <usize>paddedRowBytes;
    for (let j: i32 = 0; j < rows; j++, from += paddedRowBytes, to += rowBytes) memory.copy(to, from, rowBytes);
  }
}
