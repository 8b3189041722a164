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

This page is generated from \`lib/finding-register.ts\` by \`npm run docs:findings\`.`;

function section(subject: string, kinds: Record<string, FindingKind>): string {
  const rows = Object.entries(kinds)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, meaning, remedy }]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`);
  return [`## ${subject}`, '', '| code | severity | meaning | what to do |', '|---|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) process.stdout.write(findingsPage());
