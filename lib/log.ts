export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Fields of a log line. Never a patient's name, number or file path. */
export type LogFields = Record<string, unknown>;

/** Structured log: fields and a constant event name of the form `Dvh:Compute:Done`. */
export interface Log {
  debug(fields: LogFields, event: string): void;
  info(fields: LogFields, event: string): void;
  warn(fields: LogFields, event: string): void;
  error(fields: LogFields, event: string): void;
  /** A log whose lines all carry these fields too. */
  child(fields: LogFields): Log;
}

export interface LogLine extends LogFields {
  time: string;
  level: LogLevel;
  event: string;
}

/** A log that hands every line to `write`; `now` stamps it. */
export function createLog(write: (line: LogLine) => void, now: () => Date, fields: LogFields = {}): Log {
  const at = (level: LogLevel) => (more: LogFields, event: string) =>
    write({ time: now().toISOString(), level, event, ...fields, ...more });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (more) => createLog(write, now, { ...fields, ...more }),
  };
}

export const silentLog: Log = createLog(
  () => {},
  () => new Date(0),
);
