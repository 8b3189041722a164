/**
 * HU spread over 256 greys: 3 HU a step where soft tissue lies, coarser in lung and bone. So one small picture serves every
 * window that a reader sets.
 */
export const GREY_OF_HU: readonly (readonly [hu: number, grey: number])[] = [
  [-1024, 0],
  [-200, 60],
  [250, 210],
  [2000, 255],
];

/** Windows as reading rooms set them: level and width, HU. */
export const WINDOWS: readonly { name: string; levelHu: number; widthHu: number }[] = [
  { name: 'Soft tissue', levelHu: 40, widthHu: 400 },
  { name: 'Lung', levelHu: -600, widthHu: 1500 },
  { name: 'Bone', levelHu: 400, widthHu: 1800 },
  { name: 'Brain', levelHu: 40, widthHu: 100 },
];

export function greyOfHu(hu: number): number {
  return Math.round(between(GREY_OF_HU, hu));
}

/** The brightness, 0 to 1, of each of the 256 greys in a window. */
export function windowTable({ levelHu, widthHu }: { levelHu: number; widthHu: number }): number[] {
  const huOfGrey = GREY_OF_HU.map(([hu, grey]) => [grey, hu] as const);
  return Array.from({ length: 256 }, (_, grey) => {
    const brightness = (between(huOfGrey, grey) - (levelHu - widthHu / 2)) / widthHu;
    return Math.min(1, Math.max(0, brightness));
  });
}

/** Linear between the knots, level beyond them. */
function between(knots: readonly (readonly [number, number])[], at: number): number {
  const upper = knots.findIndex(([x]) => x >= at);
  if (upper === 0) return knots[0][1];
  if (upper < 0) return knots[knots.length - 1][1];
  const [[x0, y0], [x1, y1]] = [knots[upper - 1], knots[upper]];
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
