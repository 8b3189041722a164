import { normalize, type Vec3 } from '../../math/vec3.ts';

const GOLDEN = (1 + Math.sqrt(5)) / 2;

const VERTICES: Vec3[] = [
  [-1, GOLDEN, 0],
  [1, GOLDEN, 0],
  [-1, -GOLDEN, 0],
  [1, -GOLDEN, 0],
  [0, -1, GOLDEN],
  [0, 1, GOLDEN],
  [0, -1, -GOLDEN],
  [0, 1, -GOLDEN],
  [GOLDEN, 0, -1],
  [GOLDEN, 0, 1],
  [-GOLDEN, 0, -1],
  [-GOLDEN, 0, 1],
];

const FACES: Vec3[] = [
  ...([
    [0, 11, 5],
    [0, 5, 1],
    [0, 1, 7],
    [0, 7, 10],
    [0, 10, 11],
  ] as Vec3[]),
  ...([
    [1, 5, 9],
    [5, 11, 4],
    [11, 10, 2],
    [10, 7, 6],
    [7, 1, 8],
  ] as Vec3[]),
  ...([
    [3, 9, 4],
    [3, 4, 2],
    [3, 2, 6],
    [3, 6, 8],
    [3, 8, 9],
  ] as Vec3[]),
  ...([
    [4, 9, 5],
    [2, 4, 11],
    [6, 2, 10],
    [8, 6, 7],
    [9, 8, 1],
  ] as Vec3[]),
];

/** Unit vectors to the corners of an icosahedron whose faces were split in four `subdivisions` times: 12, 42, 162, ... */
export function icosphere(subdivisions: number): Vec3[] {
  const vertices = VERTICES.map(normalize);
  let faces = FACES;
  for (let n = 0; n < subdivisions; n++) {
    const middles = new Map<string, number>();
    const middleOf = (a: number, b: number) => {
      const key = a < b ? `${a},${b}` : `${b},${a}`;
      const known = middles.get(key);
      if (known !== undefined) return known;
      const [p, q] = [vertices[a], vertices[b]];
      middles.set(key, vertices.length);
      return vertices.push(normalize([p[0] + q[0], p[1] + q[1], p[2] + q[2]])) - 1;
    };
    faces = faces.flatMap(([a, b, c]): Vec3[] => {
      const [ab, bc, ca] = [middleOf(a, b), middleOf(b, c), middleOf(c, a)];
      return [
        [a, ab, ca],
        [ab, b, bc],
        [ca, bc, c],
        [ab, bc, ca],
      ];
    });
  }
  return vertices;
}
