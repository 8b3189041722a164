import { PRICES } from '#lib/aws/prices.ts';

/** Transitions of a course with those of its six or seven jobs, as bench/orchestration.ts counts them, rounded up. */
const TRANSITIONS_PER_COURSE = 33;
/** GB seconds of functions per course and per 1,000 files. */
const FUNCTION_GB_SECONDS = { course: 6, thousandFiles: 12 };

/** US dollars for Step Functions, functions and requests of S3. */
export function orchestrationDollars(courses: number, files: number): number {
  const functions = courses * FUNCTION_GB_SECONDS.course + (files / 1000) * FUNCTION_GB_SECONDS.thousandFiles;
  return (
    courses * TRANSITIONS_PER_COURSE * PRICES.transition +
    functions * PRICES.lambdaGbSecond +
    files * (PRICES.storage.put + 3 * PRICES.storage.get)
  );
}
