import { SingleBar } from 'cli-progress';
import { describeInput } from './counted-input.ts';
import { clock, type Display, describeTally, type StageUpdate } from './progress.ts';

const READING_MS = 10_000;

/** For logs and pipes: a line per stage that ends, and every ten seconds how far the reading of the input is. */
export function lineDisplay(write: (line: string) => void, nameOf: (courseId: string) => string): Display {
  let readingAt = 0;
  return {
    tick({ elapsedMs }, reading) {
      if (reading === undefined || elapsedMs - readingAt < READING_MS) return;
      readingAt = elapsedMs;
      write(`${describeInput(reading, elapsedMs)}  ${clock(elapsedMs)} elapsed`);
    },
    update(update, tally) {
      if (update.phase === 'started' || update.phase === 'skipped') return;
      const reason = update.reason ? `: ${update.reason}` : '';
      const what = `${update.stage.padEnd(14)} ${courseOf(update, nameOf).padEnd(26)} ${update.phase}${reason}`;
      write(`${what.padEnd(52)}  ${describeTally(tally)}`);
    },
    heartbeat(tally) {
      const running = tally.running.map((one) => `${one.stage} ${courseOf(one, nameOf)}`.trim()).join(', ');
      write(`still running: ${running || 'between stages'}  ${describeTally(tally)}`);
    },
    slow: (update, seconds) => write(slowLine(update, seconds, nameOf)),
    close() {},
  };
}

/** For programs: a JSON object per update, and each second in which more of the input was found or read. */
export function jsonDisplay(write: (line: string) => void): Display {
  const say = (fields: object) => write(JSON.stringify(fields));
  let told = 0;
  return {
    update: (update, { done, total, elapsedMs }) => say({ ...update, done, total, elapsedMs }),
    heartbeat: ({ done, total, elapsedMs, running }) => say({ phase: 'heartbeat', done, total, elapsedMs, running }),
    slow: (update, seconds) => say({ ...update, phase: 'slow', seconds }),
    tick({ elapsedMs }, reading) {
      if (reading === undefined || reading.found + reading.read === told) return;
      told = reading.found + reading.read;
      say({ phase: 'reading', found: reading.found, read: reading.read, elapsedMs });
    },
    close() {},
  };
}

/** For a terminal: one bar over all stages, what runs now beside it, failures above it. */
export function barDisplay(nameOf: (courseId: string) => string): Display {
  const bar = new SingleBar({
    format: '{bar} {tally} | {running}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0, { tally: '', running: 'reading headers' });
  const draw: Display['tick'] = (tally, reading) => {
    const running = tally.running.map((one) => `${one.stage} ${courseOf(one, nameOf)}`.trim());
    const shown = running.length > 3 ? [...running.slice(0, 3), `${running.length - 3} more`] : running;
    if (reading !== undefined) shown.push(describeInput(reading, tally.elapsedMs));
    bar.setTotal(Math.max(tally.total, tally.done, 1));
    bar.update(tally.done, { tally: describeTally(tally), running: shown.join(', ') });
  };
  const above = (line: string) => process.stdout.write(`\r\x1b[K${line}\n`);
  return {
    update(update, tally) {
      if (update.phase === 'failed') {
        above(`${update.stage} ${courseOf(update, nameOf)} failed: ${update.reason ?? ''}`);
      }
      draw(tally);
    },
    heartbeat: (tally) => draw(tally),
    tick: draw,
    slow: (update, seconds) => above(slowLine(update, seconds, nameOf)),
    close: () => bar.stop(),
  };
}

export const quietDisplay: Display = { update() {}, heartbeat() {}, slow() {}, tick() {}, close() {} };

function slowLine(update: StageUpdate, seconds: number, nameOf: (courseId: string) => string): string {
  return `slow: ${update.stage} ${courseOf(update, nameOf)} has been running for ${seconds} s`;
}

function courseOf({ courseId }: StageUpdate, nameOf: (courseId: string) => string): string {
  return courseId === undefined ? '' : nameOf(courseId);
}
