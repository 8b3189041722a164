/**
 * The words of a free text, in lower case: runs of letters and digits, cut at a change from lower to upper case, so
 * that `Prostate_BoostPTV` holds `boost` and `previous` does not hold `rev`.
 */
export function words(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** Whether the text contains the words of a phrase one after the other. */
export function hasPhrase(text: string[], phrase: string): boolean {
  const wanted = phrase.split(' ');
  return text.some((_, at) => wanted.every((word, i) => text[at + i] === word));
}

/** Order by code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
