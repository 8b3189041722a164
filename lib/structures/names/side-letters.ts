import type { NameWords } from './words.ts';

/** Letters that mean a side in one language only, beside that language's own words for paired organs. */
const LANGUAGES: { L: string; R: string; organs: ReadonlySet<string> }[] = [
  /** French: gauche, droit. */
  {
    ...{ L: 'g', R: 'd' },
    organs: spellings(
      'poumon, rein, parotide, glande parotide, oeil, globe oculaire, cristallin, nerf optique, cochlee, tete femorale, ' +
        'tete du femur, sein, sous maxillaire, glande sous maxillaire, glande lacrymale, cornee, oreille interne, ' +
        'oreille moyenne, hippocampe, surrenale, plexus brachial, ovaire, testicule, clavicule, omoplate, lobe temporal',
    ),
  },
  /** Portuguese: esquerdo, direito. */
  {
    ...{ L: 'e', R: 'd' },
    organs: spellings(
      'pulmao, rim, parotida, olho, cristalino, nervo optico, cabeca femoral, cabeca do femur, coclea, mama',
    ),
  },
  /** Spanish: izquierdo, derecho. */
  {
    ...{ L: 'i', R: 'd' },
    organs: spellings('pulmon, rinon, parotida, ojo, cristalino, nervio optico, cabeza femoral, coclea, mama'),
  },
  /** Italian: sinistro, destro. */
  {
    ...{ L: 's', R: 'd' },
    organs: spellings('polmone, rene, parotide, occhio, cristallino, nervo ottico, testa femorale, coclea'),
  },
];

/** The side that the last word of a name tells as a single letter, where the other words are of its language. */
export function sideByLetter(all: string[]): Pick<NameWords, 'withoutSide' | 'side'> | undefined {
  const letter = all.at(-1);
  const withoutSide = all.slice(0, -1);
  const language = LANGUAGES.find(
    ({ L, R, organs }) => (letter === L || letter === R) && organs.has(withoutSide.join('')),
  );
  return language && { withoutSide, side: letter === language.L ? 'L' : 'R' };
}

function spellings(text: string): Set<string> {
  return new Set(text.split(',').map((words) => words.replaceAll(' ', '')));
}
