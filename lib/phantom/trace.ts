import type { Loop, Solid } from './solid.ts';

const BISECTIONS = 40;

/**
 * Outlines of the cut of any solid with the plane z: marching squares of `stepMm` on `contains`, every vertex moved onto
 * the surface by bisection. Parts thinner than the step may be missed, sharp corners are cut by at most one step.
 */
export function traceSection(solid: Pick<Solid, 'min' | 'max' | 'contains'>, z: number, stepMm: number): Loop[] {
  if (z < solid.min[2] || z > solid.max[2]) return [];
  const lattice = sample(solid, z, stepMm);
  const neighbours = new Map<number, number[]>();
  const connect = (a: number, b: number) => {
    neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
    neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
  };
  for (let j = 0; j < lattice.ny - 1; j++) {
    for (let i = 0; i < lattice.nx - 1; i++) crossCell(lattice, i, j, connect);
  }
  return loopsOf(neighbours).map((edges) => Float64Array.from(edges.flatMap((edge) => crossing(lattice, edge))));
}

interface Lattice {
  nx: number;
  ny: number;
  isInside(i: number, j: number): boolean;
  contains(x: number, y: number): boolean;
  x(i: number): number;
  y(j: number): number;
}

/** One step of margin all around, so that every outline closes. */
function sample(solid: Pick<Solid, 'min' | 'max' | 'contains'>, z: number, stepMm: number): Lattice {
  const [nx, ny] = [0, 1].map((axis) => Math.ceil((solid.max[axis] - solid.min[axis]) / stepMm) + 4);
  const x = (i: number) => solid.min[0] + (i - 1.5) * stepMm;
  const y = (j: number) => solid.min[1] + (j - 1.5) * stepMm;
  const inside = new Uint8Array(nx * ny);
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) inside[i + nx * j] = solid.contains(x(i), y(j), z) ? 1 : 0;
  }
  return {
    nx,
    ny,
    isInside: (i, j) => inside[i + nx * j] === 1,
    contains: (px, py) => solid.contains(px, py, z),
    x,
    y,
  };
}

/** An edge of the lattice by number: even for the one from (i, j) along x, odd for the one along y. */
function edgeNumber(lattice: Lattice, i: number, j: number, along: 0 | 1): number {
  return 2 * (i + lattice.nx * j) + along;
}

function crossCell(lattice: Lattice, i: number, j: number, connect: (a: number, b: number) => void): void {
  const [a, b, c, d] = [
    lattice.isInside(i, j),
    lattice.isInside(i + 1, j),
    lattice.isInside(i + 1, j + 1),
    lattice.isInside(i, j + 1),
  ];
  const bottom = edgeNumber(lattice, i, j, 0);
  const right = edgeNumber(lattice, i + 1, j, 1);
  const top = edgeNumber(lattice, i, j + 1, 0);
  const left = edgeNumber(lattice, i, j, 1);
  const crossed = [a !== b && bottom, b !== c && right, d !== c && top, a !== d && left].filter(
    (edge) => edge !== false,
  );
  if (crossed.length === 2) connect(crossed[0], crossed[1]);
  if (crossed.length < 4) return;
  const centre = lattice.contains((lattice.x(i) + lattice.x(i + 1)) / 2, (lattice.y(j) + lattice.y(j + 1)) / 2);
  if (centre === a) {
    connect(bottom, right);
    connect(top, left);
  } else {
    connect(bottom, left);
    connect(top, right);
  }
}

function loopsOf(neighbours: Map<number, number[]>): number[][] {
  const seen = new Set<number>();
  const loops: number[][] = [];
  for (const start of neighbours.keys()) {
    const loop: number[] = [];
    let edge: number | undefined = start;
    while (edge !== undefined && !seen.has(edge)) {
      seen.add(edge);
      loop.push(edge);
      edge = neighbours.get(edge)?.find((next) => !seen.has(next));
    }
    if (loop.length >= 3) loops.push(loop);
  }
  return loops;
}

function crossing(lattice: Lattice, edge: number): [number, number] {
  const node = edge >> 1;
  const [i, j] = [node % lattice.nx, Math.floor(node / lattice.nx)];
  const [x0, y0] = [lattice.x(i), lattice.y(j)];
  const alongX = edge % 2 === 0;
  const length = alongX ? lattice.x(i + 1) - x0 : lattice.y(j + 1) - y0;
  const at = (t: number): [number, number] => (alongX ? [x0 + t * length, y0] : [x0, y0 + t * length]);
  const startsInside = lattice.isInside(i, j);
  let [low, high] = [0, 1];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (lattice.contains(...at(middle)) === startsInside) low = middle;
    else high = middle;
  }
  return at((low + high) / 2);
}
