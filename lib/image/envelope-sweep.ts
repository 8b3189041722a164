/** Cost per mm^2 on the way towards higher and towards lower positions; Infinity when there is no way. */
export interface WayCosts {
  up: number;
  down: number;
}

/** The parabolas of one line that are lowest somewhere, in the order of the sweep. Made once and used for all lines. */
export interface EnvelopeScratch {
  position: Float64Array;
  cost: Float64Array;
  /** From here on the parabola is lower than the one before it. */
  from: Float64Array;
  result: Float64Array;
}

export function envelopeScratch(length: number): EnvelopeScratch {
  const make = () => new Float64Array(length);
  return { position: make(), cost: make(), from: make(), result: make() };
}

/**
 * Replace each cost of a line by min over q of cost[q] + weight (position[q] - position[p])^2: the lower envelope of
 * parabolas (Felzenszwalb & Huttenlocher 2012, doi:10.4086/toc.2012.v008a019), swept once upwards and once downwards, so
 * that the two ways may cost differently and gaps may differ. Linear in the length of the line.
 * @param costs of the line, none negative, from index `at`; results above `limit` become Infinity
 * @param positions ascending, mm
 */
export function sweepLine(
  costs: Float64Array,
  at: number,
  positions: Float64Array,
  ways: WayCosts,
  limit: number,
  scratch: EnvelopeScratch,
): void {
  const { result } = scratch;
  const length = positions.length;
  for (let p = 0; p < length; p++) result[p] = costs[at + p];
  if (ways.up < Number.POSITIVE_INFINITY) sweepOneWay(costs, at, positions, 1, ways.up, limit, scratch);
  if (ways.down < Number.POSITIVE_INFINITY) sweepOneWay(costs, at, positions, -1, ways.down, limit, scratch);
  for (let p = 0; p < length; p++) costs[at + p] = result[p];
}

/**
 * Each voxel asks the parabolas behind it, then adds its own. Questions ascend, so the front of the queue only advances;
 * once its answer exceeds the limit all parabolas do so from there on. Nothing behind a cost of 0 can matter beyond it.
 */
function sweepOneWay(
  costs: Float64Array,
  at: number,
  positions: Float64Array,
  step: 1 | -1,
  weight: number,
  limit: number,
  { position, cost, from, result }: EnvelopeScratch,
): void {
  const length = positions.length;
  const first = step === 1 ? 0 : length - 1;
  let front = 0;
  let back = 0;
  for (let n = 0, p = first; n < length; n++, p += step) {
    const own = costs[at + p];
    const here = step * positions[p];
    if (own === 0) {
      front = 0;
      back = 1;
      position[0] = here;
      cost[0] = 0;
      from[0] = Number.NEGATIVE_INFINITY;
      continue;
    }
    if (back > front) {
      while (front + 1 < back && from[front + 1] <= here) front++;
      const way = here - position[front];
      const reached = cost[front] + weight * way * way;
      if (reached > limit) front = back = 0;
      else if (reached < result[p]) result[p] = reached;
    }
    if (own === Number.POSITIVE_INFINITY) continue;
    let crossing = Number.NEGATIVE_INFINITY;
    while (back > front) {
      const before = position[back - 1];
      crossing = (here + before) / 2 + (own - cost[back - 1]) / (2 * weight * (here - before));
      if (crossing > from[back - 1]) break;
      back--;
      crossing = Number.NEGATIVE_INFINITY;
    }
    position[back] = here;
    cost[back] = own;
    from[back] = crossing;
    back++;
  }
}
