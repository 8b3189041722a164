/** A positron emitter and its half-life. */
export interface Radionuclide {
  symbol: string;
  element: string;
  mass: number;
  halfLifeS: number;
}

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** Nuclides of DICOM's CID 4020 (PET Radionuclide) and newer ones. Half-lives: ICRP Publication 107. */
const PET_RADIONUCLIDES: Radionuclide[] = (
  [
    ['C', 'carbon', 11, 20.39 * MINUTE],
    ['N', 'nitrogen', 13, 9.965 * MINUTE],
    ['O', 'oxygen', 15, 122.24],
    ['F', 'fluor', 18, 109.77 * MINUTE],
    ['Na', 'sodium', 22, 950.57 * DAY],
    ['K', 'potassium', 38, 7.636 * MINUTE],
    ['Sc', 'scandium', 43, 3.891 * HOUR],
    ['Sc', 'scandium', 44, 3.97 * HOUR],
    ['Ti', 'titanium', 45, 184.8 * MINUTE],
    ['Mn', 'manganese', 52, 5.591 * DAY],
    ['Fe', 'iron', 52, 8.275 * HOUR],
    ['Co', 'cobalt', 55, 17.53 * HOUR],
    ['Cu', 'copper', 60, 23.7 * MINUTE],
    ['Cu', 'copper', 61, 3.333 * HOUR],
    ['Cu', 'copper', 62, 9.673 * MINUTE],
    ['Cu', 'copper', 64, 12.7 * HOUR],
    ['Ga', 'gallium', 66, 9.49 * HOUR],
    ['Ga', 'gallium', 68, 67.71 * MINUTE],
    ['Ge', 'germanium', 68, 270.95 * DAY],
    ['As', 'arsenic', 72, 26 * HOUR],
    ['Br', 'bromine', 75, 96.7 * MINUTE],
    ['Br', 'bromine', 76, 16.2 * HOUR],
    ['Rb', 'rubidium', 82, 1.273 * MINUTE],
    ['Y', 'yttrium', 86, 14.74 * HOUR],
    ['Y', 'yttrium', 90, 64.1 * HOUR],
    ['Zr', 'zirconium', 89, 78.41 * HOUR],
    ['Tc', 'technetium', 94, 52 * MINUTE],
    ['I', 'iodine', 124, 4.176 * DAY],
    ['Tb', 'terbium', 152, 17.5 * HOUR],
  ] as const
).map(([symbol, element, mass, halfLifeS]) => ({ symbol, element, mass, halfLifeS }));

/** Scanners round half-lives, and old tables differ by up to 2 %. */
const TOLERANCE = 0.05;

/** The nuclide that a text names: ^18^Fluorine, F-18, 18F, Fluorine F^18^. Undefined when it is none of the table. */
export function namedRadionuclide(text: string): Radionuclide | undefined {
  const mass = Number(/\d+/.exec(text)?.[0]);
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const isNamed = ({ symbol, element }: Radionuclide) =>
    words.some((word) => word === symbol.toLowerCase() || word.startsWith(element));
  return PET_RADIONUCLIDES.find((nuclide) => nuclide.mass === mass && isNamed(nuclide));
}

/** Nuclides with about this half-life. */
export function radionuclidesOf(halfLifeS: number): Radionuclide[] {
  return PET_RADIONUCLIDES.filter((nuclide) => hasHalfLife(nuclide, halfLifeS));
}

export function hasHalfLife(nuclide: Radionuclide, halfLifeS: number): boolean {
  return Math.abs(halfLifeS / nuclide.halfLifeS - 1) <= TOLERANCE;
}
