import { FINDING_SUBJECTS, type FindingKind } from '../lib/finding-register.ts';

/** `docs/findings.md`, from the register. */
export function findingsPage(): string {
  const sections = Object.entries(FINDING_SUBJECTS).map(([subject, kinds]) => section(subject, kinds));
  return [INTRODUCTION, ...sections].join('\n\n').concat('\n');
}

const INTRODUCTION = `# Findings

A finding is something odd in the data. It stands beside the result instead of stopping the run. Every finding has a
code, and every code has one severity and one meaning, whoever finds it.

| severity | meaning |
|---|---|
| \`error\` | a result is missing, or must not be used before someone has looked |
| \`warning\` | a result may differ from what you expect |
| \`info\` | worth knowing |

Where you see them:

- the table \`findings\` (Parquet, CSV, sheet of the workbook) holds everything that any stage found: a row per fact, under the
  stage that found it first, with the objects that it is about and what to do;
- the report counts errors and warnings by code under "Needs attention", and lists all of a course on its page;
- \`rtpipeline run\` ends with errors and warnings by code, and in how many courses each was found;
- \`rtpipeline validate\` prints those that the headers alone give, before anything is computed.

The table \`qc\` is something else: it has a row per check with its verdict (PASS, WARNING, FAIL, SKIP), also for a check that
found nothing. A check reads what the stages found and adds what only a look at the whole course shows; an error fails it, a
warning warns. Use \`qc\` to accept or refuse a course, and \`findings\` to learn why a number is missing or differs.

This page is generated from \`lib/finding-register/\` by \`npm run docs:findings\`.`;

function section(subject: string, kinds: Record<string, FindingKind>): string {
  const rows = Object.entries(kinds)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, meaning, remedy }]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`);
  return [`## ${subject}`, '', '| code | severity | meaning | what to do |', '|---|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) process.stdout.write(findingsPage());
