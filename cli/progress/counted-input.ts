import type { ObjectStore } from '#lib/store/store.ts';

/** How far the reading of headers is. */
export interface InputCount {
  /** Files found so far. */
  found: number;
  /** Files of which something was read. */
  read: number;
}

/** The input, and how much of it was listed and read: for the time before the courses are known. */
export function countedInput(input: ObjectStore): { input: ObjectStore; count: InputCount } {
  const count = { found: 0, read: 0 };
  const read = new Set<string>();
  const note = (key: string) => {
    if (read.has(key)) return;
    read.add(key);
    count.read += 1;
  };
  const counted: ObjectStore = {
    ...input,
    async *list(prefix, options) {
      for await (const info of input.list(prefix, options)) {
        count.found += 1;
        yield info;
      }
    },
    get(key) {
      note(key);
      return input.get(key);
    },
    getRange(key, start, end) {
      note(key);
      return input.getRange(key, start, end);
    },
  };
  return { input: counted, count };
}

/** `headers of 1200 of 5000 files, 310 a second` */
export function describeInput({ found, read }: InputCount, elapsedMs: number): string {
  if (read === 0) return `${found} files found`;
  const rate = Math.round((1000 * read) / Math.max(1, elapsedMs));
  return `headers of ${read} of ${found} files, ${rate} a second`;
}
