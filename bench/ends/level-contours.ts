import type { FlatLoop } from '../../test/fixtures/dvh-phantom.ts';

/** Values on a lattice of points, x fastest. */
export interface Plane {
  nx: number;
  ny: number;
  data: Float32Array;
}

/**
 * The closed lines on which a plane crosses a level, linear between its points (marching squares, Lorensen and Cline
 * 1987, doi:10.1145/37402.37422, in the plane). Beyond the plane lies less than the level.
 */
export function levelContours({ nx, ny, data }: Plane, level: number): FlatLoop[] {
  const at = (i: number, j: number) => (i < 0 || j < 0 || i >= nx || j >= ny ? -1 : data[j * nx + i] - level);
  const next = new Map<number, number>();
  const points = new Map<number, [number, number]>();
  const width = nx + 2;
  /** The crossing on the side from a lattice point to its right (0) or upper (1) neighbour. */
  const crossing = (i: number, j: number, up: 0 | 1): number => {
    const key = 2 * ((j + 1) * width + i + 1) + up;
    if (!points.has(key)) {
      const [a, b] = [at(i, j), at(i + 1 - up, j + up)];
      const f = a / (a - b);
      points.set(key, up ? [i, j + f] : [i + f, j]);
    }
    return key;
  };
  const link = (from: number, to: number) => next.set(from, to);
  for (let j = -1; j < ny; j++) {
    for (let i = -1; i < nx; i++) {
      const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)].map((value) => value > 0);
      const sides = [
        () => crossing(i, j, 0),
        () => crossing(i + 1, j, 1),
        () => crossing(i, j + 1, 0),
        () => crossing(i, j, 1),
      ];
      // Going round the cell, each side that leaves the inside is joined with the next one that enters it again.
      for (let s = 0; s < 4; s++) {
        if (!corners[s] || corners[(s + 1) % 4]) continue;
        let e = s;
        do e = (e + 3) % 4;
        while (corners[e] || !corners[(e + 1) % 4]);
        link(sides[s](), sides[e]());
      }
    }
  }
  const loops: FlatLoop[] = [];
  while (next.size > 0) {
    const [first] = next.keys();
    const loop: FlatLoop = [];
    for (let key = first; next.has(key); ) {
      loop.push(points.get(key) as [number, number]);
      const to = next.get(key) as number;
      next.delete(key);
      key = to;
    }
    if (loop.length >= 3) loops.push(loop);
  }
  return loops;
}
