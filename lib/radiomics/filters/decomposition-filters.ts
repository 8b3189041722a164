import { BadConfig } from '../../errors.ts';

const LOW: Record<string, number[]> = {
  haar: [0.7071067811865476, 0.7071067811865476],
  db2: [-0.12940952255126037, 0.2241438680420134, 0.8365163037378079, 0.48296291314453416],
  db3: [
    0.03522629188570953, -0.08544127388202666, -0.13501102001025458, 0.45987750211849154, 0.8068915093110925,
    0.33267055295008263,
  ],
  coif1: [
    -0.01565572813546454, -0.0727326195128539, 0.38486484686420286, 0.8525720202122554, 0.3378976624578092,
    -0.0727326195128539,
  ],
};

export function decompositionFilters(family: string): { low: number[]; high: number[] } {
  const low = LOW[family];
  if (!low) throw new BadConfig(`unknown wavelet ${family}`);
  const n = low.length;
  return { low, high: low.map((_, k) => (k % 2 === 0 ? -1 : 1) * low[n - 1 - k]) };
}
