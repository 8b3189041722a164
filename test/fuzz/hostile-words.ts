import type { Random } from '#lib/random.ts';
import { below, oneOf } from './mutate-bytes.ts';

const WORDS = [
  ...[
    '',
    ' ',
    '\\',
    '\\\\\\',
    '=',
    '^^^^',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../x',
    'a\0b',
  ],
  ...['NaN', 'Infinity', '-Infinity', '1e300', '-1', '0', '-0', '1e-300', '99999999999999999999', '0x10', '1,5', '--1'],
  ...[
    'ISO_IR 192',
    'ISO 2022 IR 87',
    '\\ISO 2022 IR 149',
    'RTSTRUCT',
    'RTDOSE',
    'CT',
    'HFS',
    'MONOCHROME1',
    'GY',
    'PTV',
  ],
  ...['1.2.840.10008.1.2', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.4.50'],
  ...['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.5', '1.2.840.10008.5.1.4.1.1.2.1', '20240230', '250000', '\u001b$B'],
];

const LONG = 20_000;

/** A word that readers have stumbled over, at times very long, at times many of them. */
export function hostileWord(random: Random): string {
  const word = oneOf(random, WORDS);
  if (random() < 0.05) return `A${oneOf(random, ['\0', ' ', '_', '9', '(']).repeat(LONG)}B`;
  if (random() < 0.1) return `${word}\\`.repeat(1 + below(random, 2000));
  return word;
}
