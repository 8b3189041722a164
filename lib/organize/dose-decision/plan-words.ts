import { ownKeys } from '../../own-keys.ts';
import type { Plan } from '../../rt/plan.ts';
import { hasPhrase, words } from '../words.ts';

const REPLAN_PHRASES =
  'replan|replans|replanning|replanned|re plan|re planning|adapt|adapted|adaptive|revision|rev|copy|fx change|new ct|resim|re sim|modified|adjusted|corrected'.split(
    '|',
  );
/** A second version: the first one is the original. */
const LATER_VERSION = /^(?:(?:v|ver|version|rev|revision)0*(?:[2-9]|[1-9]\d+)|(?:replan|adapt)\d+)$/;
const FIRST_VERSION = /^0*1$/;
const BOOST_PHRASES = 'boost|bst|conedown|cone down|cd|reduced|sequential'.split('|');
const NUMBERED_BOOST = /^(?:boost|bst|conedown|cd)\d+$/;
const SIMULTANEOUS_PHRASES = ['sib', 'simultaneous', 'integrated boost', 'concomitant'];
const PHASE_WORD = /^(?:phase|ph)0*([1-9])$/;
const PHASE_NUMBERS: Record<string, number> = ownKeys({ '1': 1, '2': 2, '3': 3, '4': 4, i: 1, ii: 2, iii: 3, iv: 4 });

/** What label, name and description of a plan say about its place in the course. */
export interface PlanWords {
  replan: boolean;
  boost: boolean;
  phase?: number;
  /** All words of label and name: plans that share them are versions of one. */
  key: string;
}

export function planWords(plan: Plan): PlanWords {
  const text = words(`${plan.label} ${plan.name} ${plan.description}`);
  const phase = phaseNumber(text);
  const simultaneous = SIMULTANEOUS_PHRASES.some((phrase) => hasPhrase(text, phrase));
  const boost =
    BOOST_PHRASES.some((phrase) => hasPhrase(text, phrase)) || text.some((word) => NUMBERED_BOOST.test(word));
  const key = words(`${plan.label} ${plan.name}`).join(' ');
  return { replan: saysReplan(text), boost: boost && !simultaneous, phase, key };
}

function saysReplan(text: string[]): boolean {
  const isFirst = (i: number) => ['rev', 'revision'].includes(text[i]) && FIRST_VERSION.test(text[i + 1] ?? '');
  const later = text.some((word, i) => {
    const number = Number(text[i + 1]);
    return LATER_VERSION.test(word) || (['v', 'ver', 'version'].includes(word) && number >= 2);
  });
  return (
    later ||
    REPLAN_PHRASES.some((phrase) =>
      hasPhrase(
        text.filter((_, i) => !isFirst(i)),
        phrase,
      ),
    )
  );
}

function phaseNumber(text: string[]): number | undefined {
  for (const [i, word] of text.entries()) {
    const joined = PHASE_WORD.exec(word);
    if (joined) return Number(joined[1]);
    if (['phase', 'ph'].includes(word) && PHASE_NUMBERS[text[i + 1]] !== undefined) return PHASE_NUMBERS[text[i + 1]];
  }
  return undefined;
}
