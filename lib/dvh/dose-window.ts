import { type DoseSampler, sliceBelow } from './dose-sampler.ts';
import { float64At, place, setNumbers } from './kernels/kernels.ts';

/** A box in the coordinates of contour planes, mm. */
export interface PlaneBox {
  low: [number, number, number];
  high: [number, number, number];
}

/** First and last dose points along i, j and k. */
interface Nodes {
  low: number[];
  high: number[];
}

/** A window holds the slices around a section, and as many more as fit, so that large doses need no second memory of their size. */
const WINDOW_BYTES = 2 ** 26;

/** The part of a dose around a solid that lies in the memory of the kernels: all cells that a section meets, whatever is asked for. */
export class DoseWindow {
  readonly #sampler: DoseSampler;
  readonly #byteLength: number;
  /** Around the whole solid. */
  readonly #around: Nodes;
  #held?: Nodes;
  #room = { address: 0, byteLength: 0 };

  constructor(sampler: DoseSampler, solid: PlaneBox, byteLength: number = WINDOW_BYTES) {
    this.#byteLength = byteLength;
    this.#sampler = sampler;
    this.#around = nodesAround(sampler, solid);
  }

  /** Holds all cells that meet a box. */
  hold(box: PlaneBox): void {
    const wanted = nodesAround(this.#sampler, box);
    const { low, high } = this.#held ?? { low: [Infinity], high: [-Infinity] };
    if (wanted.low.every((n, a) => n >= low[a]) && wanted.high.every((n, a) => n <= high[a])) return;
    const { low: firstLow, high: lastHigh } = this.#around;
    this.#load({
      low: [Math.min(wanted.low[0], firstLow[0]), Math.min(wanted.low[1], firstLow[1]), wanted.low[2]],
      high: [Math.max(wanted.high[0], lastHigh[0]), Math.max(wanted.high[1], lastHigh[1]), wanted.high[2]],
    });
  }

  #load(nodes: Nodes): void {
    const { data, size } = this.#sampler;
    const [columns, rows] = [0, 1].map((a) => nodes.high[a] - nodes.low[a] + 1);
    const most = Math.floor(this.#byteLength / (8 * columns * rows));
    nodes.high[2] = Math.max(nodes.high[2], Math.min(this.#around.high[2], nodes.low[2] + most - 1));
    const slices = nodes.high[2] - nodes.low[2] + 1;
    const window = this.#view(columns * rows * slices);
    const first = nodes.low[0] + size[0] * (nodes.low[1] + size[1] * nodes.low[2]);
    for (let k = 0, to = 0; k < slices; k++) {
      for (let j = 0; j < rows; j++) {
        const from = first + size[0] * (j + size[1] * k);
        for (let i = from; i < from + columns; i++) window[to++] = data[i];
      }
    }
    this.#held = nodes;
    const [windowI, windowJ, windowK] = nodes.low;
    setNumbers({ windowI, windowJ, windowK, windowColumns: columns, windowRows: rows, data: this.#room.address });
  }

  #view(length: number): Float64Array {
    if (this.#room.byteLength < 8 * length) this.#room = { address: place(8 * length), byteLength: 8 * length };
    return float64At(this.#room.address, length);
  }
}

/** Dose points of all cells that a box may meet, one more for rounding; of a box outside the grid, those at its border. */
function nodesAround(sampler: DoseSampler, { low, high }: PlaneBox): Nodes {
  const { axes, size } = sampler;
  const ranges = [0, 1, 2].map((a) => {
    let [least, most] = [axes[4 * a], axes[4 * a]];
    for (let d = 0; d < 3; d++) {
      const slope = axes[4 * a + 1 + d];
      if (slope === 0) continue;
      least += Math.min(slope * low[d], slope * high[d]);
      most += Math.max(slope * low[d], slope * high[d]);
    }
    const [first, last] = a === 2 ? [sliceBelow(sampler, least), sliceBelow(sampler, most)] : [least, most];
    const within = (n: number) => Math.min(Math.max(n, 0), size[a] - 1);
    const top = Math.max(size[a] - 2, 0);
    return [within(Math.min(Math.floor(first) - 1, top)), within(Math.max(Math.floor(last), 0) + 2)];
  });
  return { low: ranges.map(([from]) => from), high: ranges.map(([, to]) => to) };
}
