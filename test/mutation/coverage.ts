import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A stretch of a file and how often it ran; of several around a place the shortest says it. */
interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** What NODE_V8_COVERAGE writes: the functions of a script, the whole script as the first. */
interface V8Coverage {
  result: { url: string; functions: { ranges: Range[] }[] }[];
}

/** What a test ran, by the URL of the source file: a list of ranges from each process and thread. */
export type Ran = Map<string, Range[][]>;

/** Reads what the processes of a test wrote into a folder, of the sources below a path. */
export function ranIn(folder: string, sources: string): Ran {
  const ran: Ran = new Map();
  const wanted = `${pathToFileURL(sources)}/`;
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as V8Coverage;
    for (const { url, functions } of result) {
      if (!url.startsWith(wanted)) continue;
      const ranges = functions.flatMap((one) => one.ranges);
      const file = url.split('?')[0];
      ran.set(file, [...(ran.get(file) ?? []), ranges]);
    }
  }
  return ran;
}

/**
 * Whether a test ran a place of a file. What stands outside of functions runs with every import, so it counts if any
 * function of the file ran.
 */
export function ranAt(ran: Ran, url: string, offset: number): boolean {
  return (ran.get(url) ?? []).some(([script, ...inner]) => {
    const around = inner.filter((range) => range.startOffset <= offset && offset < range.endOffset);
    if (around.length === 0) return script !== undefined && inner.some(({ count }) => count > 0);
    return around.reduce((shortest, range) => (lengthOf(range) <= lengthOf(shortest) ? range : shortest)).count > 0;
  });
}

function lengthOf({ startOffset, endOffset }: Range): number {
  return endOffset - startOffset;
}
