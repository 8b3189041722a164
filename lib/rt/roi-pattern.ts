/** Names that a ROI answers to: its own, and by TG-263 when that one is certain. */
export interface NamedRoi {
  name: string;
  standardName?: string | null;
}

/** Whether a name of a ROI matches a pattern. */
export function roiMatches(roi: NamedRoi, pattern: string): boolean {
  return namesOf(roi).some((name) => matchesPattern(name, pattern));
}

/**
 * Whether a name matches a pattern: `*` is any text, `?` any character, and case does not matter. Only the last star is
 * retried, so no name and no number of stars takes long, unlike with a regular expression.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  const text = name.trim().toLowerCase();
  const wanted = pattern.trim().toLowerCase();
  let [at, next] = [0, 0];
  let star: { next: number; at: number } | undefined;
  while (at < text.length) {
    if (wanted[next] === '*') {
      star = { next: next + 1, at };
      next = star.next;
    } else if (wanted[next] === '?' || wanted[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (star) {
      star.at += 1;
      [at, next] = [star.at, star.next];
    } else return false;
  }
  while (wanted[next] === '*') next += 1;
  return next === wanted.length;
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
