export type Rgb = [number, number, number];

/** For outlines on grey: bright, and told apart also by most who see colours otherwise. */
const OUTLINES = [
  '#ff6b5e',
  '#5fd49a',
  '#6eaef5',
  '#ffd24d',
  '#f07be0',
  '#54cbdc',
  '#ffa04d',
  '#b39cff',
  '#c3e650',
  '#ff9cc5',
  '#e0c19a',
  '#7fffd4',
  '#9db8ff',
  '#d0d0d0',
  '#7c9cff',
  '#a5764f',
  '#4f9e4f',
  '#e5e58a',
];

/** A colour for each name, the same for the structures of several sets that bear the same. */
export function outlineColours(names: string[]): Map<string, string> {
  return new Map([...new Set(names)].map((name, n) => [name, OUTLINES[n % OUTLINES.length]]));
}

/** Blue below 0, red above: -1 to 1. */
export function differenceColour(part: number): Rgb {
  const strength = Math.min(Math.abs(part), 1);
  const faint = Math.round(255 * (1 - strength));
  return part < 0 ? [faint, faint, 255] : [255, faint, faint];
}
