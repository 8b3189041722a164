import { ownKeys } from '../../own-keys.ts';
export type Side = 'L' | 'R' | 'both';

/** What a name consists of, whatever its spelling: lower case, no accents, words apart. */
export interface NameWords {
  all: string[];
  /** Without the last word that names a side. */
  withoutSide: string[];
  side?: Side;
}

/** In English, German, Polish, French, Spanish, Italian, Dutch and Portuguese. */
const SIDES: Record<Side, ReadonlySet<string>> = {
  L: new Set(
    'l lt lft left li links linke linker linkes lewa lewe lewy lewej lewego gauche izq izquierda izquierdo esquerdo esquerda sin sx sinistra sinistro linkse'.split(
      ' ',
    ),
  ),
  R: new Set(
    'r rt rgt right re rechts rechte rechter rechtes prawa prawe prawy prawej prawego direito direita droit droite der dcha derecha derecho dx dex destra destro rechtse'.split(
      ' ',
    ),
  ),
  both: new Set('both bilat bilateral bds beide beidseits obie oba ambos ambas entrambi beiden'.split(' ')),
};

/** Letters that Unicode does not take apart into a letter and an accent. */
const LETTERS: Record<string, string> = ownKeys({ ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', đ: 'd' });

/** Between two sides: left and right together. */
const JOINTS: ReadonlySet<string> = new Set('+ & and und et e y i en'.split(' '));

/**
 * Splits at anything that is no letter or digit, before capitals and between letters and digits. `L+R` names both sides.
 */
export function wordsOf(name: string): NameWords {
  const spaced = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replace(/(\p{L})(\d)|(\d)(\p{L})/gu, '$1$3 $2$4');
  const signs = withoutAccents(spaced).match(/[a-z0-9]+|[+&]/g) ?? [];
  const all = signs.filter((sign) => sign !== '+' && sign !== '&');
  const pair = signs.findIndex((_, i) => isPair(signs.slice(i, i + 3)));
  if (pair >= 0 && signs.length > 3) {
    const others = signs.toSpliced(pair, 3).filter((sign) => sign !== '+' && sign !== '&');
    return { all, withoutSide: others, side: 'both' };
  }
  const at = all.findLastIndex((word) => sideOf(word) !== undefined);
  if (at < 0 || all.length === 1) return { all, withoutSide: all };
  return { all, withoutSide: all.toSpliced(at, 1), side: sideOf(all[at]) };
}

/** `l + r` */
function isPair([first, joint, second]: string[]): boolean {
  const sides = [first, second].map((word) => word && sideOf(word));
  return JOINTS.has(joint) && sides.includes('L') && sides.includes('R');
}

function sideOf(word: string): Side | undefined {
  return (Object.keys(SIDES) as Side[]).find((side) => SIDES[side].has(word));
}

function withoutAccents(text: string): string {
  return text
    .toLowerCase()
    .replace(/[łøæœßđ]/g, (letter) => LETTERS[letter])
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}

/** One key for all spellings, and one for all orders of the words. */
export function keysOf(words: string[]): [spelling: string, anyOrder: string] {
  return [words.join(''), words.toSorted().join(' ')];
}
