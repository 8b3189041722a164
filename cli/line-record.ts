import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** A file of JSON lines that a kill may truncate: a partial line is ignored, and the next line starts anew. */
export interface LineRecord<Line> {
  lines: Line[];
  add(line: Line): void;
}

/** Opens the record of a file for its owner alone; a file that is not there has no lines. */
export function openLineRecord<Line>(file: string): LineRecord<Line> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  let start = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    lines: text.split('\n').flatMap((line) => parsed<Line>(line)),
    add(line) {
      appendFileSync(file, `${start}${JSON.stringify(line)}\n`, { mode: 0o600 });
      start = '';
    },
  };
}

function parsed<Line>(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return [];
  }
}
