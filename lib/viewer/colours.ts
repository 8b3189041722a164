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
];

/** A colour for each name, the same for the structures of several sets that bear the same. */
export function outlineColours(names: string[]): Map<string, string> {
  return new Map([...new Set(names)].map((name, n) => [name, OUTLINES[n % OUTLINES.length]]));
}

/**
 * Blue, green, yellow, red for 0 to 1: Turbo, which keeps the order of brightness that a rainbow breaks.
 * Polynomial of Anton Mikhailov and Ruofei Du (Google, 2019), Apache 2.0.
 */
export function doseColour(part: number): Rgb {
  const t = Math.min(Math.max(part, 0), 1);
  const red = 34.61 + t * (1172.33 - t * (10793.56 - t * (33300.12 - t * (38394.49 - t * 14825.05))));
  const green = 23.31 + t * (557.33 + t * (1225.33 - t * (3574.96 - t * (1073.77 + t * 707.56))));
  const blue = 27.2 + t * (3211.1 - t * (15327.97 - t * (27814 - t * (22569.18 - t * 6838.66))));
  return [red, green, blue].map((value) => Math.round(Math.min(Math.max(value, 0), 255))) as Rgb;
}

/** Blue below 0, red above: -1 to 1. */
export function differenceColour(part: number): Rgb {
  const strength = Math.min(Math.abs(part), 1);
  const faint = Math.round(255 * (1 - strength));
  return part < 0 ? [faint, faint, 255] : [255, faint, faint];
}
