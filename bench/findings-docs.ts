import { FINDING_SUBJECTS, type FindingKind } from '../lib/finding-register.ts';

/** `docs/findings.md`, from the register. */
export function findingsPage(): string {
  const sections = Object.entries(FINDING_SUBJECTS).map(([subject, kinds]) => section(subject, kinds));
  return [INTRODUCTION, ...sections].join('\n\n').concat('\n');
}

const INTRODUCTION = `# Findings

A finding is something unusual in the data. It is reported beside the result and does not stop the run. Every finding has a
code, and every code has one severity and one meaning, whichever stage reports it.

| severity | meaning |
|---|---|
| \`error\` | a result is missing, or a person must check it before use |
| \`warning\` | a result may differ from what you expect |
| \`info\` | useful to know |

You see findings in these places:

- the table \`findings\` (Parquet, CSV, sheet of the workbook) has one row per fact from all stages, under the first
  stage that reported it, with its object and what to do;
- the report counts errors and warnings by code under "Needs attention", and lists all findings of a course on its page;
- \`rtpipeline run\` prints errors and warnings by code at the end, with the number of courses of each;
- \`rtpipeline validate\` prints the findings from headers only, before anything is computed.

The table \`qc\` is different. It has one row per check with its result (PASS, WARNING, FAIL, SKIP), also for a check
without findings. A check uses the findings of the stages and adds those that need the whole course. An error gives FAIL, a
warning gives WARNING. Use \`qc\` to accept or refuse a course, and \`findings\` to see why a number is missing or differs.

The command \`npm run docs:findings\` generates this page from \`lib/finding-register/\`.`;

function section(subject: string, kinds: Record<string, FindingKind>): string {
  const rows = Object.entries(kinds)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, meaning, remedy }]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`);
  return [`## ${subject}`, '', '| code | severity | meaning | what to do |', '|---|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) process.stdout.write(findingsPage());
