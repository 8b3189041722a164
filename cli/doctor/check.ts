/** One thing that was looked at. */
export interface Check {
  what: string;
  /** `missing`: something that the product can do without, but then does less. */
  verdict: 'ok' | 'missing' | 'bad';
  message: string;
}

export function describeChecks(checks: Check[]): string {
  const width = Math.max(...checks.map(({ what }) => what.length));
  return checks.map(({ what, verdict, message }) => `${verdict.padEnd(8)}${what.padEnd(width)}  ${message}`).join('\n');
}
