/** What an asynchronous list gives, in its order: `Array.fromAsync`, which Node 20 lacks. */
export async function allOf<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
