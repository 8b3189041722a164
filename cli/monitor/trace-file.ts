import { openSync, writeSync } from 'node:fs';
import type { TraceEvent } from './trace.ts';

/** A list of events in a file that is valid JSON after each of them: the closing bracket is written anew behind it. */
export function openTraceFile(path: string): (event: TraceEvent) => void {
  const file = openSync(path, 'w');
  let end = 0;
  return (event) => {
    const text = `${end === 0 ? '[' : ','}\n${JSON.stringify(event)}`;
    writeSync(file, `${text}\n]\n`, end);
    end += Buffer.byteLength(text);
  };
}
