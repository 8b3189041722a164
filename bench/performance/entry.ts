/** Seconds of processor time of one work, by whom: ours and peers alike. */
export interface Timed {
  work: string;
  /** `rtpipeline`, or a peer with its version. */
  by: string;
  seconds: number[];
  /** Bytes that the work must at least read and write; absent where nobody counted. */
  bytes?: number;
}

export interface Entry {
  work: string;
  /** Does the work once; what it makes beforehand is not timed. */
  run(): unknown | Promise<unknown>;
  /** How often it is timed, after one run that does not count. */
  repeats: number;
  bytes?: number;
}

export const OURS = 'rtpipeline';
/** What memory itself allows: a copy, which reads and writes each byte once. */
export const COPY = 'copy 64 MiB of memory';

/** Processor seconds of a work in this process, all its threads together. */
export async function timeEntry({ work, run, repeats, bytes }: Entry): Promise<Timed> {
  const seconds: number[] = [];
  await run();
  for (let n = 0; n < repeats; n++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
  }
  return { work, by: OURS, seconds, ...(bytes !== undefined && { bytes }) };
}

export interface Spread {
  least: number;
  median: number;
  most: number;
}

export function spreadOf(seconds: readonly number[]): Spread {
  const sorted = [...seconds].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return { least: sorted[0], median, most: sorted[sorted.length - 1] };
}
