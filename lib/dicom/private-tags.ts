import type { Keyword } from './tags.ts';

/** What the creators of private elements that are read here begin with; releases add a number. */
const CREATORS: Partial<Record<Keyword, string>> = {
  GePetScanDateTime: 'GEMS_PETD',
  PhilipsSuvFactor: 'Philips',
  PhilipsActivityConcentrationFactor: 'Philips',
};

/**
 * The tag of an element in this data set. A private element lies in the block that its creator reserved: (gggg,0011) with
 * the creator's name makes (gggg,11ee) its own (PS3.5 7.8.1). Undefined when that creator reserved none.
 * @param tag of the dictionary, its block written as 10
 * @param creatorAt the text of a tag, '' when absent
 */
export function tagInBlock(keyword: Keyword, tag: string, creatorAt: (tag: string) => string): string | undefined {
  const creator = CREATORS[keyword];
  if (creator === undefined) return tag;
  for (let block = 0x10; block <= 0xff; block++) {
    const hex = block.toString(16);
    if (creatorAt(`${tag.slice(0, 5)}00${hex}`).startsWith(creator)) return `${tag.slice(0, 5)}${hex}${tag.slice(7)}`;
  }
  return undefined;
}
