import { BadInput } from '../errors.ts';

const MAX_DS_LENGTH = 16;

/**
 * A number as DICOM decimal string: the shortest text of at most 16 characters that comes nearest (VR DS, PS3.5 6.2).
 * @throws BadInput for NaN and infinities, which DS cannot say
 */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new BadInput(`a decimal string cannot hold ${value}`);
  const exact = String(value);
  if (exact.length <= MAX_DS_LENGTH) return exact;
  let best = '0';
  for (let digits = 1; digits <= MAX_DS_LENGTH; digits++) {
    for (const text of [String(Number(value.toPrecision(digits))), shortExponent(value.toExponential(digits - 1))]) {
      if (text.length <= MAX_DS_LENGTH && Math.abs(Number(text) - value) < Math.abs(Number(best) - value)) best = text;
    }
  }
  return best;
}

/** 1.50e+3 -> 1.50e3 */
function shortExponent(text: string): string {
  return text.replace('e+', 'e');
}
