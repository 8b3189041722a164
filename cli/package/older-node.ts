/**
 * Functions that this product uses and Node 20 lacks. The built package contains them and loads them before its own
 * code. `tsconfig.package.json` limits the code to Node 20 and this file.
 */
declare global {
  interface Math {
    f16round(value: number): number;
  }
}

Map.groupBy ??= groupBy;
Promise.withResolvers ??= withResolvers;
Math.f16round ??= f16round;

export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

export function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T | PromiseLike<T>) => void;
  let reject!: (reason?: unknown) => void;
  const promise = new Promise<T>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  return { promise, resolve, reject };
}

/** Half precision, IEEE 754 binary16: 11 bits of which the first is implied, exponents from -14 to 15. */
const BITS = 10;
const SMALLEST_EXPONENT = -14;
const LARGEST = 65504;
/** Adding and taking away 2^52 rounds a number from 0 to 2^51 to a whole one, ties to even. */
const WHOLE = 2 ** 52;

/** The nearest number of half precision, ties to even. */
export function f16round(value: number): number {
  const size = Math.abs(value);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return value;
  const step = 2 ** (Math.max(exponentOf(size), SMALLEST_EXPONENT) - BITS);
  const rounded = (size / step + WHOLE - WHOLE) * step;
  const nearest = rounded > LARGEST ? Number.POSITIVE_INFINITY : rounded;
  return value < 0 ? -nearest : nearest;
}

const bits = new DataView(new ArrayBuffer(8));

function exponentOf(size: number): number {
  bits.setFloat64(0, size);
  return (bits.getUint16(0) >> 4) - 1023;
}
