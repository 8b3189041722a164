/** Says how far a list of tasks has come: one line per step, a heartbeat while nothing ends, a warning for slow ones. */
export interface TaskProgress {
  started(label: string): void;
  ended(label: string): void;
  close(): void;
}

export interface ProgressOptions {
  label: string;
  total: number;
  nowMs(): number;
  /** `label: x/y (z%) elapsed ETA` */
  onLine(line: string): void;
  onSlow(label: string, seconds: number): void;
}

const HEARTBEAT_MS = 60_000;
const SLOW_MS = 300_000;

export function taskProgress({ label, total, nowMs, onLine, onSlow }: ProgressOptions): TaskProgress {
  const start = nowMs();
  const running = new Map<string, number>();
  const warned = new Set<string>();
  let done = 0;
  let lastLine = start;
  const say = () => {
    lastLine = nowMs();
    onLine(progressLine(label, done, total, lastLine - start));
  };
  const beat = () => {
    if (nowMs() - lastLine >= HEARTBEAT_MS) say();
    for (const [name, since] of running) {
      if (nowMs() - since < SLOW_MS || warned.has(name)) continue;
      warned.add(name);
      onSlow(name, Math.round((nowMs() - since) / 1000));
    }
  };
  const timer = setInterval(beat, HEARTBEAT_MS / 4);
  timer.unref();
  return {
    started: (name) => running.set(name, nowMs()),
    ended(name) {
      running.delete(name);
      done += 1;
      say();
    },
    close: () => clearInterval(timer),
  };
}

/** `dvh: 3/12 (25%) 1m 05s, 3m 15s left` */
export function progressLine(label: string, done: number, total: number, elapsedMs: number): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const left = done === 0 || done === total ? '' : `, ${duration((elapsedMs / done) * (total - done))} left`;
  return `${label}: ${done}/${total} (${percent}%) ${duration(elapsedMs)}${left}`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  if (h > 0) return `${h}h ${two(m)}m`;
  return m > 0 ? `${m}m ${two(s)}s` : `${s}s`;
}
