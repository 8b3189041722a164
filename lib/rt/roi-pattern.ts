/** Names that a ROI answers to: its own, and by TG-263 when that one is certain. */
export interface NamedRoi {
  name: string;
  standardName?: string | null;
}

/** Whether a name of a ROI matches a pattern. */
export function roiMatches(roi: NamedRoi, pattern: string): boolean {
  return namesOf(roi).some((name) => matchesPattern(name, pattern));
}

/** Whether a name matches a pattern: `*` and `?` stand for any text and any character; case does not matter. */
export function matchesPattern(name: string, pattern: string): boolean {
  const literal = pattern.trim().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(name.trim());
}

/** The value of the first pattern that matches: its own name goes before the standard one, an exact name before patterns. */
export function byPattern<T>(roi: NamedRoi, values: Record<string, T>): T | undefined {
  for (const name of namesOf(roi)) {
    if (Object.hasOwn(values, name)) return values[name];
    const pattern = Object.keys(values).find((key) => matchesPattern(name, key));
    if (pattern !== undefined) return values[pattern];
  }
  return undefined;
}

function namesOf({ name, standardName }: NamedRoi): string[] {
  return standardName ? [name, standardName] : [name];
}
