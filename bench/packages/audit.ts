import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * `npm run audit`: asks the registry for known vulnerabilities of the locked packages. Ends with 0 when there are none, 1 when
 * there are some, 69 when the registry gives no answer, which it says in capitals: no answer is no good news.
 */
const EXIT = { clean: 0, vulnerable: 1, unanswered: 69 } as const;

interface Report {
  vulnerabilities?: Record<string, { severity: string; range: string }>;
  message?: string;
}

/** What npm's report means: sentences and the exit code. */
export function readAudit(text: string): { lines: string[]; exitCode: number } {
  const report = parsed(text);
  if (!report?.vulnerabilities)
    return {
      lines: ['*** NOT AUDITED: THE REGISTRY GAVE NO ANSWER ***', report?.message ?? 'npm printed no report'],
      exitCode: EXIT.unanswered,
    };
  const found = Object.entries(report.vulnerabilities).map(
    ([name, { severity, range }]) => `${severity}: ${name} ${range}`,
  );
  if (found.length === 0) return { lines: ['no known vulnerability in the locked packages'], exitCode: EXIT.clean };
  return { lines: found.sort(), exitCode: EXIT.vulnerable };
}

function parsed(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const args = ['audit', '--package-lock-only', '--json'];
  const answer = await promisify(execFile)('npm', args, { maxBuffer: 2 ** 26 }).catch((error) => error);
  const { lines, exitCode } = readAudit(String(answer.stdout ?? ''));
  console.log(lines.join('\n'));
  process.exitCode = exitCode;
}
