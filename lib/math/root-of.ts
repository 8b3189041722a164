/** The root of a node in a forest of parents (union-find): a root is its own parent. Shortens the way that it takes. */
export function rootOf(parents: number[] | Int32Array, node: number): number {
  let at = node;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]];
    at = parents[at];
  }
  return at;
}
