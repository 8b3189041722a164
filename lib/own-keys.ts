/**
 * A table to look words of files up in. It has the keys that are written in it and no others: a plain object answers to
 * `constructor` and `__proto__` too, and a ROI may be called so.
 */
export function ownKeys<Value>(table: Record<string, Value>): Readonly<Record<string, Value>> {
  return Object.freeze(Object.assign(Object.create(null), table));
}
