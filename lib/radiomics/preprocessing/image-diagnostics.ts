import type { Volume } from '../../image/grid.ts';

export type Diagnostics = Record<string, string | number>;

/** What `imageDiagnostics` tells of a step, as the ends of its names. */
export const IMAGE_DIAGNOSTICS = { text: ['Spacing', 'Size'], numbers: ['Mean', 'Minimum', 'Maximum'] };

export function imageDiagnostics(step: string, { grid, data }: Volume): Diagnostics {
  let [sum, minimum, maximum] = [0, data[0], data[0]];
  for (let p = 0; p < data.length; p++) {
    sum += data[p];
    if (data[p] < minimum) minimum = data[p];
    if (data[p] > maximum) maximum = data[p];
  }
  const prefix = `diagnostics_Image-${step}`;
  return {
    [`${prefix}_Spacing`]: tuple(grid.spacingMm),
    [`${prefix}_Size`]: tuple(grid.size),
    [`${prefix}_Mean`]: sum / data.length,
    [`${prefix}_Minimum`]: minimum,
    [`${prefix}_Maximum`]: maximum,
  };
}

/** Numbers as Python writes a tuple. */
export function tuple(numbers: readonly number[]): string {
  return `(${numbers.join(', ')})`;
}
