/**
 * Does `work` for 0 to count - 1, at most `limit` at a time, and answers in order. The first failure aborts the
 * others; it is thrown when all of them have ended, so that nothing goes on behind the caller's back.
 */
export async function fanOut<T>(
  count: number,
  limit: number,
  outer: AbortSignal,
  work: (index: number, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const siblings = new AbortController();
  const signal = AbortSignal.any([outer, siblings.signal]);
  const results: T[] = new Array(count);
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count && !signal.aborted) {
      const index = next++;
      try {
        results[index] = await work(index, signal);
      } catch (error) {
        failures.push(error);
        siblings.abort(new Error('a sibling failed'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, lane));
  outer.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return results;
}
