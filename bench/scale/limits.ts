import { LIMITS } from '#statemachine/engine/limits.ts';
import { FUNCTION_SECONDS } from '#statemachine/estimate/durations.ts';
import { SUBMITS_PER_SECOND } from '#statemachine/estimate/simulation/batch.ts';
import { FARGATE_STARTS } from '#statemachine/estimate/simulation/fargate.ts';
import { FUNCTIONS_AT_ONCE } from '#statemachine/estimate/simulation/functions.ts';
import type { Simulated } from '#statemachine/estimate/simulation/simulate.ts';

/** Files of the usual course: 200 slices, RTSTRUCT, RTPLAN, RTDOSE. */
const FILES = 203;
/** What a row of the index holds in memory, bytes: docs/trust.md. */
const BYTES_PER_ROW = 950;
const HOURS_OF_YEAR = 8760;
const LAMBDA = { seconds: 900, memoryMiB: 10_240, deployedMiB: 3008 };
const CATALOG_CONCURRENCY = 8;

export interface Limit {
  what: string;
  page: string;
  limit: string;
  /** What a run of so many courses asks. */
  asks(courses: number): string;
  breaks(courses: number): boolean;
  remedy: string;
}

const count = (value: number) => (value >= 1e6 ? `${round(value / 1e6)} million` : round(value).toLocaleString('en'));
const round = (value: number) => Number(value.toPrecision(2));

/** Documented quotas beside what runs of any size ask of them. `steady` is a simulated run, `perHour` its courses. */
export function limitsOf(steady: Simulated, courses: number, perHour: number): Limit[] {
  const hours = (n: number) => n / perHour;
  const rows = (n: number) => n * FILES;
  const jobs = steady.batch.submits / courses;
  const transitions = steady.transitions / courses;
  const indexMiB = (n: number) => (rows(n) * BYTES_PER_ROW) / 2 ** 20;
  const organizeSeconds = (n: number) => rows(n) * FUNCTION_SECONDS.perRow;
  const reportSeconds = (n: number) => n * FUNCTION_SECONDS.perCourseReport;
  const headersPerSecond = CATALOG_CONCURRENCY / FUNCTION_SECONDS.perHeader;
  const always = (text: string) => () => text;
  const never = () => false;
  return [
    {
      what: 'SubmitJob of AWS Batch',
      page: 'Batch user guide, "AWS Batch service quotas"',
      limit: `${SUBMITS_PER_SECOND} a second, fixed`,
      asks: (n) => `${count(jobs * n)} jobs, at most ${steady.batch.mostPerSecond} in one second`,
      breaks: () => steady.batch.throttled > 0,
      remedy: 'refused calls are retried after a random pause; `courseConcurrency` sets the spread',
    },
    {
      what: 'jobs in state SUBMITTED',
      page: 'the same',
      limit: '1 million, fixed',
      asks: always('three for each running course'),
      breaks: never,
      remedy: '',
    },
    {
      what: 'starts of Fargate tasks',
      page: 'ECS developer guide, "AWS Fargate throttling quotas"',
      limit: `${FARGATE_STARTS.perSecond} a second, ${FARGATE_STARTS.burst} at once`,
      asks: always(`${round((4 * perHour) / 3600)} a second`),
      breaks: never,
      remedy: '',
    },
    {
      what: 'events of an execution',
      page: 'Step Functions developer guide, "Service quotas"',
      limit: `${LIMITS.historyEvents.toLocaleString('en')}, fixed`,
      asks: always(`${steady.longestHistory}, for any number of courses: each course is a separate execution`),
      breaks: never,
      remedy: '',
    },
    {
      what: 'state transitions',
      page: 'the same',
      limit: '1,500 a second after a burst of 5,000, less in some regions and new accounts',
      asks: (n) => `${count(transitions * n)}, at most ${steady.mostTransitionsPerSecond} in one second`,
      breaks: never,
      remedy: '',
    },
    {
      what: 'running executions',
      page: 'the same',
      limit: '1 million',
      asks: always('four for each running course'),
      breaks: never,
      remedy: '',
    },
    {
      what: 'running child executions of a distributed Map',
      page: 'the same, "Quotas related to Map Run"',
      limit: LIMITS.distributedConcurrency.toLocaleString('en'),
      asks: always('`courseConcurrency`, 100 by default, 1,000 at most'),
      breaks: never,
      remedy: '',
    },
    {
      what: 'duration of an execution',
      page: 'the same',
      limit: '1 year',
      asks: (n) => `${count(hours(n))} hours`,
      breaks: (n) => hours(n) > HOURS_OF_YEAR,
      remedy: 'add GPUs, or split the upload',
    },
    {
      what: 'running functions',
      page: 'Lambda developer guide, "Lambda quotas"',
      limit: `${FUNCTIONS_AT_ONCE.toLocaleString('en')}; a new account 10`,
      asks: always(`${steady.functions.mostAtOnce} at the start of the courses`),
      breaks: never,
      remedy: '',
    },
    {
      what: 'memory of the function that organizes',
      page: 'the same',
      limit: `${LAMBDA.memoryMiB.toLocaleString('en')} MiB; ${LAMBDA.deployedMiB.toLocaleString('en')} as deployed`,
      asks: (n) => `${count(indexMiB(n))} MiB for ${count(rows(n))} rows of the index`,
      breaks: (n) => indexMiB(n) > LAMBDA.memoryMiB,
      remedy: `${count((LAMBDA.memoryMiB * 2 ** 20) / BYTES_PER_ROW)} files fit into one upload: split larger ones`,
    },
    {
      what: 'duration of the function that organizes',
      page: 'the same',
      limit: '15 minutes',
      asks: (n) => `${count(organizeSeconds(n))} s`,
      breaks: (n) => organizeSeconds(n) > LAMBDA.seconds,
      remedy: 'split the upload',
    },
    {
      what: 'duration of the function that writes the report',
      page: 'the same',
      limit: '15 minutes',
      asks: (n) => `${count(reportSeconds(n))} s`,
      breaks: (n) => reportSeconds(n) > LAMBDA.seconds,
      remedy: `${count(LAMBDA.seconds / FUNCTION_SECONDS.perCourseReport)} courses fit into one report: split larger uploads`,
    },
    {
      what: 'GETs of one prefix of S3',
      page: 'S3 user guide, "Optimizing Amazon S3 performance"',
      limit: '5,500 a second',
      asks: always(`${count(headersPerSecond)} a second while ${CATALOG_CONCURRENCY} functions read headers`),
      breaks: () => headersPerSecond > 5500,
      remedy: '',
    },
  ];
}
