import type { IntensityUnit } from './settings.ts';

/** The kind of unit of an image's quantity: `HU`, `SUVbw`, the units as written, or ''. */
export function intensityUnitOf(quantity: string): IntensityUnit {
  if (quantity === 'HU') return 'HU';
  return quantity.startsWith('SUV') ? 'SUV' : 'arbitrary';
}
