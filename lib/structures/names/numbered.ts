import { ownKeys } from '../../own-keys.ts';
import type { NameWords } from './words.ts';

const RIB = /^(?:rib|ribs|rippe|costa|cote|zebro|costilla|costola)$/;
/** Vertebra, its body, and German's abbreviations, which name the part of the spine. */
const VERTEBRA = /^(?:(?:vb|vert|vertebra|vertebrae|vertebral body|wirbel|wk) ?(c|t|th|l|s)|([bhl])wk) ?0?(\d{1,2})$/;
const VERTEBRA_LAST = /^(c|t|th|l|s) 0?(\d{1,2}) (?:vb|vert|vertebra|vertebral body)$/;
const GERMAN: Readonly<Record<string, string>> = ownKeys({ h: 'c', b: 't', l: 'l' });
const MOST: Readonly<Record<string, number>> = ownKeys({ c: 7, t: 12, l: 5, s: 5 });

/** The TG-263 name of a rib with its side (Rib05_L) or of a vertebra (VB_T05), which the list counts; undefined for others. */
export function numberedBone({ all, withoutSide, side }: NameWords): string | undefined {
  return rib(withoutSide, side) ?? vertebra(all.join(' '));
}

function rib(words: string[], side: NameWords['side']): string | undefined {
  const number = words.find((word) => /^\d{1,2}$/.test(word));
  const others = words.filter((word) => word !== number && !/^(?:th|st|nd|rd)$/.test(word));
  if (number === undefined || others.length !== 1 || !RIB.test(others[0])) return undefined;
  if (side === undefined || side === 'both' || Number(number) < 1 || Number(number) > 12) return undefined;
  return `Rib${number.padStart(2, '0')}_${side}`;
}

function vertebra(text: string): string | undefined {
  const first = VERTEBRA.exec(text);
  const last = VERTEBRA_LAST.exec(text);
  const letters = last?.[1] ?? first?.[1] ?? GERMAN[first?.[2] ?? ''];
  if (letters === undefined) return undefined;
  const part = letters[0];
  const number = Number(last?.[2] ?? first?.[3]);
  if (number < 1 || number > MOST[part]) return undefined;
  return `VB_${part.toUpperCase()}${part === 't' ? String(number).padStart(2, '0') : number}`;
}
