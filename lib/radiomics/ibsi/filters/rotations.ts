import { flipped, type Kernel, type Kernels } from './separable.ts';

export const POOLINGS = ['average', 'max'] as const;
export type Pooling = (typeof POOLINGS)[number];

/**
 * A separable filter seen from one or more right-angled orientations. `signs` has an entry for each orientation that
 * gives these kernels: -1 where it gives their negative, as an odd kernel turned round does.
 */
export interface Orientation<T> {
  filter: T;
  signs: number[];
}

/** Which axis each axis takes its kernel from, and whether it is turned round. */
interface Turn {
  axes: number[];
  flips: boolean[];
}

const PERMUTATIONS = [
  { axes: [0, 1, 2], even: true },
  { axes: [1, 2, 0], even: true },
  { axes: [2, 0, 1], even: true },
  { axes: [0, 2, 1], even: false },
  { axes: [2, 1, 0], even: false },
  { axes: [1, 0, 2], even: false },
];

/** The 4 rotations in the plane or the 24 in space by right angles (IBSI 2, section 2.2.2: no reflections). */
const TURNS_3D: Turn[] = PERMUTATIONS.flatMap(({ axes, even }) =>
  [0, 1, 2, 3, 4, 5, 6, 7]
    .map((bits) => ({ axes, flips: [0, 1, 2].map((axis) => ((bits >> axis) & 1) === 1) }))
    .filter(({ flips }) => (flips.filter(Boolean).length % 2 === 0) === even),
);
const TURNS_2D = TURNS_3D.filter(({ axes, flips }) => axes[2] === 2 && !flips[2]);

/**
 * All orientations of a cascade of separable filters (one step for most filters, one per level for wavelets), those
 * that agree but for the sign put together.
 */
export function orientations(steps: Kernels[]): Orientation<Kernels[]>[] {
  const turns = steps[0][2] ? TURNS_3D : TURNS_2D;
  const found = new Map<string, Orientation<Kernels[]>>();
  for (const turn of turns) {
    let sign = 1;
    const turned = steps.map((step) =>
      turn.axes.map((from, axis) => {
        const kernel = step[from];
        if (!kernel || !turn.flips[axis]) return kernel;
        if (!isOdd(kernel)) return isEven(kernel) ? kernel : flipped(kernel);
        sign = -sign;
        return kernel;
      }),
    ) as Kernels[];
    const key = JSON.stringify(turned);
    const known = found.get(key);
    if (known) known.signs.push(sign);
    else found.set(key, { filter: turned, signs: [sign] });
  }
  return [...found.values()];
}

function isEven(kernel: Kernel): boolean {
  return kernel.offsets.every((offset, t) => weightAt(kernel, -offset) === kernel.weights[t]);
}

function isOdd(kernel: Kernel): boolean {
  return kernel.offsets.every((offset, t) => weightAt(kernel, -offset) === -kernel.weights[t]);
}

function weightAt(kernel: Kernel, offset: number): number {
  const t = kernel.offsets.indexOf(offset);
  return t < 0 ? 0 : kernel.weights[t];
}

/** Joins the responses of all orientations voxel by voxel. `respond` is called once per distinct filter. */
export function pool<T>(found: Orientation<T>[], pooling: Pooling, respond: (filter: T) => Float64Array): Float64Array {
  const total = found.reduce((count, { signs }) => count + signs.length, 0);
  let pooled: Float64Array | undefined;
  for (const { filter, signs } of found) {
    const response = respond(filter);
    const first = !pooled;
    pooled ??= new Float64Array(response.length);
    if (pooling === 'max') keepLargest(pooled, response, signs, first);
    else addScaled(pooled, response, signs.reduce((sum, sign) => sum + sign, 0) / total);
  }
  return pooled ?? new Float64Array(0);
}

function keepLargest(pooled: Float64Array, response: Float64Array, signs: number[], first: boolean): void {
  const plus = signs.includes(1);
  const minus = signs.includes(-1);
  for (let i = 0; i < pooled.length; i++) {
    const value = plus && minus ? Math.abs(response[i]) : plus ? response[i] : -response[i];
    if (first || value > pooled[i]) pooled[i] = value;
  }
}

function addScaled(pooled: Float64Array, response: Float64Array, weight: number): void {
  for (let i = 0; i < pooled.length; i++) pooled[i] += weight * response[i];
}
