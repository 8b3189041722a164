/**
 * Whether two names mean one structure: letters and digits agree, whatever the case and the punctuation, for the names
 * themselves or for the part after a model's name (`total--heart`, `lung_tumor__GTV`), without the mark `__partial`.
 */
export function sameStructure(a: string, b: string): boolean {
  const keys = aliasesOf(b);
  return aliasesOf(a).some((key) => keys.includes(key));
}

function aliasesOf(name: string): string[] {
  const whole = name.replace(/__partial$/i, '');
  const last = whole.split(/--|__/).at(-1) as string;
  return [whole, last, whole.replace(/^total[\s_-]*/i, '')].map(lettersAndDigits).filter(Boolean);
}

function lettersAndDigits(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
