/** Whether a ROI name matches a pattern: `*` and `?` stand for any text and any character; case does not matter. */
export function matchesPattern(name: string, pattern: string): boolean {
  const literal = pattern.trim().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(name.trim());
}

/** The value of the first pattern that matches; an exact name goes before patterns. */
export function byPattern<T>(name: string, values: Record<string, T>): T | undefined {
  if (Object.hasOwn(values, name)) return values[name];
  const pattern = Object.keys(values).find((key) => matchesPattern(name, key));
  return pattern === undefined ? undefined : values[pattern];
}
