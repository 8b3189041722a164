import { SingleBar } from 'cli-progress';

/** A bar over bytes on a terminal, nothing elsewhere. */
export function byteBar(what: string, total: number): { add(bytes: number): void; stop(): void } {
  if (!process.stdout.isTTY) return { add: () => {}, stop: () => {} };
  const bar = new SingleBar({ format: `${what} {bar} {percentage}% {eta_formatted}`, hideCursor: true });
  bar.start(Math.max(1, total), 0);
  return { add: (bytes) => bar.increment(bytes), stop: () => bar.stop() };
}
