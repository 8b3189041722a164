/** Every eighth of matplotlib's `plasma` (CC0): even steps of brightness, told apart by readers of any colour sight. */
const PLASMA = ['#0d0887', '#5302a3', '#8b0aa5', '#b83289', '#db5c68', '#f48849', '#febd2a', '#f0f921'].map(rgbOf);

/** The colour of a dose as a part (0 to 1) of the scale. */
export function doseColour(part: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, part)) * (PLASMA.length - 1);
  const lower = Math.min(Math.floor(at), PLASMA.length - 2);
  return [0, 1, 2].map((channel) =>
    Math.round(PLASMA[lower][channel] + (at - lower) * (PLASMA[lower + 1][channel] - PLASMA[lower][channel])),
  ) as [number, number, number];
}

export function cssColour([red, green, blue]: [number, number, number]): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The scale ends here, as a part of the reference dose. */
export const SCALE_END = 1.1;
/** Isodose lines, as parts of the reference dose. */
export const ISODOSES: readonly number[] = [1.07, 1, 0.95, 0.8, 0.5, 0.2];
/** No wash below this part: the scattered dose would veil the anatomy. */
export const LEAST_SHOWN = 0.1;

function rgbOf(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
}
