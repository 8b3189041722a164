/** Columns padded to their widest cell; numbers to the right. For people, not for parsing. */
export function textTable(header: string[], rows: (string | number)[][]): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const isNumber = header.map((_, c) => rows.length > 0 && rows.every((row) => typeof row[c] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, c) => (isNumber[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}
