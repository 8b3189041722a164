import { FINDINGS, type FindingCode } from '#lib/finding-register.ts';
import { textTable } from './text-table.ts';

/** A finding of a course, or of the upload where it is in none. */
export interface PlacedFinding {
  code: FindingCode;
  /** '' of the upload. */
  course: string;
  message: string;
}

export interface CountedFinding {
  code: FindingCode;
  severity: 'error' | 'warning' | 'info';
  findings: number;
  courses: number;
}

const SEVERITIES = ['error', 'warning', 'info'];

/** Findings by code, the gravest first, then the most frequent. */
export function countFindings(found: PlacedFinding[]): CountedFinding[] {
  const rank = ({ severity }: CountedFinding) => SEVERITIES.indexOf(severity);
  return [...Map.groupBy(found, ({ code }) => code)]
    .map(([code, group]) => ({
      code,
      severity: FINDINGS[code].severity,
      findings: group.length,
      courses: new Set(group.map(({ course }) => course).filter(Boolean)).size,
    }))
    .sort((a, b) => rank(a) - rank(b) || b.courses - a.courses || (a.code < b.code ? -1 : 1));
}

/** Errors and warnings as a table with what they mean; what is worth knowing is only counted. */
export function countedText(counted: CountedFinding[]): string[] {
  const grave = counted.filter(({ severity }) => severity !== 'info');
  const total = (severity: string) =>
    counted.filter((one) => one.severity === severity).reduce((sum, one) => sum + one.findings, 0);
  const [errors, warnings, infos] = SEVERITIES.map(total);
  const heading = `Findings: ${errors} errors, ${warnings} warnings, ${infos} infos.`;
  if (grave.length === 0) return [heading];
  const rows = grave.map(({ code, severity, courses }) => [severity, code, courses, FINDINGS[code].meaning]);
  return [heading, textTable(['severity', 'code', 'courses', 'meaning'], rows)];
}

/** Every error and warning in words, by code, with what to do. */
export function findingText(found: PlacedFinding[]): string[] {
  return countFindings(found)
    .filter(({ severity }) => severity !== 'info')
    .flatMap(({ code, severity }) => [
      `${severity} ${code}: ${FINDINGS[code].meaning}`,
      ...found
        .filter((one) => one.code === code)
        .map(({ course, message }) => `  ${course === '' ? 'upload' : course}: ${message}`),
      `  What to do: ${FINDINGS[code].remedy}`,
    ]);
}
