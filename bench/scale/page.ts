import { PRICES } from '#lib/aws/prices.ts';
import { DURATIONS, SPREAD, secondsOf } from '#statemachine/estimate/durations.ts';
import { CAPACITIES, type Capacity } from '#statemachine/estimate/simulation/capacity.ts';
import { CONVERTED_START, groupings, hostChoices, type Loading, PROGRAM_START } from './choices.ts';
import { type Limit, limitsOf } from './limits.ts';
import { USUAL } from './scenario.ts';
import type { ArrivalRow, GpuRow, LossRow, Sweeps } from './sweeps.ts';

/** Parts of the page that follow from assumptions alone, without a simulation. */
export function fixedParts(): string[] {
  return [introduction(), assumptions(), hostTable(), groupTable()].map((lines) => lines.join('\n'));
}

/** docs/scale.md from what the simulations gave. */
export function scalePage(sweeps: Sweeps): string {
  return [
    ...introduction(),
    ...assumptions(),
    ...gpuTable(sweeps.gpus),
    ...lossTable(sweeps.losses),
    ...arrivalTable(sweeps.arrivals),
    ...hostTable(),
    ...groupTable(),
    ...limitTable(limitsOf(sweeps.steady.whole, sweeps.steady.courses, sweeps.steady.perHour)),
    '',
  ].join('\n');
}

export function gpuRow({ gpus, courseConcurrency, coursesPerHour, dollarsPerCourse, days }: GpuRow): string {
  const figures = [
    coursesPerHour.toFixed(1),
    dollarsPerCourse.toFixed(3),
    ...days.map((value) => Number(value.toPrecision(2)).toLocaleString('en')),
  ];
  return `| ${[gpus, courseConcurrency, ...figures].join(' | ')} |`;
}

function introduction(): string[] {
  return [
    '# How runs grow on AWS',
    '',
    '`npm run docs:scale` writes this page; do not edit it. All numbers come from a simulation. Nothing here was measured on AWS.',
    '',
    'The simulation runs the files of the state machine (`statemachine/*.asl.json`) in the engine of local runs, with a simulated clock.',
    'It models Batch, its hosts, Fargate and Lambda: quotas, host boots, image pulls, idle hosts, lost spot hosts and refused calls.',
    '`rtpipeline estimate` runs the same simulation three times for your upload: with short, expected and long times.',
    'The tests in `test/statemachine/estimate/simulation/` compare it with Erlang’s formula for queues, with the Poisson law for lost hosts, and',
    'with runs calculated by hand, to the second and the cent.',
    '',
    `The usual course on this page has a CT of ${USUAL.slices} slices, ${USUAL.rois} ROIs, and runs the default stages without robustness.`,
    '',
  ];
}

function assumptions(): string[] {
  const { low, likely, high } = CAPACITIES;
  const row = (what: string, of: (capacity: Capacity) => number | string, origin: string) =>
    `| ${what} | ${of(low)} | ${of(likely)} | ${of(high)} | ${origin} |`;
  const perMonth = ({ spotLossPerHour }: Capacity) => `${Math.round(100 * (1 - Math.exp(-720 * spotLossPerHour)))} %`;
  const course = (['segmentation', 'structures', 'dvh', 'radiomics', 'qc'] as const).map(
    (stage) => `${stage} ${secondsOf(stage, USUAL, true).toFixed(0)} s`,
  );
  const { segmentation } = DURATIONS;
  return [
    '## Assumptions',
    '',
    '| | low | likely | high | source |',
    '|---|---|---|---|---|',
    row(
      'time until a host has booted and joined, s',
      (one) => one.hostBoot,
      'experience with Batch on EC2; AWS states no time',
    ),
    row('first pull of the GPU image, s', (one) => one.gpuImagePull, '4 to 6 GB at 25 to 100 MB/s'),
    row('first pull of the CPU image, s', (one) => one.cpuImagePull, '0.2 GB'),
    row('start of a Fargate task, s', (one) => one.fargateStart, 'network interface and pull, for every task'),
    row('time until an idle host ends, s', (one) => one.idle, 'Batch decides; AWS states no time'),
    row('spot hosts lost in a month', perMonth, 'Spot Instance Advisor: under 5 % to over 20 %'),
    `| duration of jobs, relative | ${SPREAD.low} | ${SPREAD.likely} | ${SPREAD.high} | below |`,
    '',
    `Likely duration of jobs: ${course.join(', ')}. Durations of CPU stages come from runs on one core in 2026. The duration of segmentation comes from its authors,`,
    `for a 24 GB GPU (${segmentation.perSlice} s per slice at 1.5 mm and ${segmentation.start} s to load). Prices: ${PRICES.region}, ${PRICES.date}, spot at ${100 * PRICES.spotShare.hosts} % of hosts and ${100 * PRICES.spotShare.fargate} % of Fargate.`,
    '',
  ];
}

function gpuTable(rows: GpuRow[]): string[] {
  return [
    '## GPUs and courses at once',
    '',
    'Half of the GPUs are spot hosts. `segmentationVcpus` counts 8 vCPUs for each GPU, per market. The table shows the steady state, without the beginning and the end of a run:',
    '',
    '| GPUs | `courseConcurrency` | courses per hour | $ per course | days for 10,000 | days for 1,000,000 |',
    '|---|---|---|---|---|---|',
    ...rows.map(gpuRow),
    '',
    'The number of GPUs limits a run, until `courseConcurrency` does. A course takes about ten minutes. Its GPU works for two and a half',
    'minutes of that time, after a wait. So set `courseConcurrency` to six times the number of GPUs. With fewer courses the GPUs are idle and each',
    'course costs more: see the rows with 16 and more GPUs and 40 courses. The default deployment has 16 GPUs and runs 100 courses.',
    'Beyond 32 GPUs `analysisVcpus` limits a run, since a course takes 1,950 vCPU seconds on Fargate.',
    '',
  ];
}

function lossTable(rows: LossRow[]): string[] {
  return [
    '## Lost spot hosts',
    '',
    '| lost per month | lost per hour | courses per hour | $ per course | hosts and tasks lost per 1,000 courses |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ perHour, coursesPerHour, dollarsPerCourse, lostPerThousand }) =>
        `| ${(100 * (1 - Math.exp(-720 * perHour))).toFixed(0)} % | ${(100 * (1 - Math.exp(-perHour))).toFixed(3)} % | ${coursesPerHour.toFixed(1)} | ${dollarsPerCourse.toFixed(3)} | ${lostPerThousand.toFixed(0)} |`,
    ),
    '',
    'These runs have eight GPUs. Jobs are short, so a lost host costs little. Spot hosts stay cheaper even at losses far above those of the Spot Instance Advisor.',
    '',
  ];
}

function arrivalTable(rows: ArrivalRow[]): string[] {
  return [
    '## Uploads at random times',
    '',
    'Single courses arrive at random times (Poisson). Each is a run of its own, on 4 GPUs:',
    '',
    '| uploads per hour | GPUs busy | mean time from upload to report, minutes | longest, minutes | $ per course |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ perHour, busy, meanMinutes, mostMinutes, dollarsPerCourse }) =>
        `| ${perHour} | ${(100 * busy).toFixed(0)} % | ${meanMinutes.toFixed(0)} | ${mostMinutes.toFixed(0)} | ${dollarsPerCourse.toFixed(3)} |`,
    ),
    '',
    'Rare uploads each boot their own GPU host and Fargate tasks. Boot, image pull and idle time then cost more than the work.',
    '',
  ];
}

function hostTable(): string[] {
  const range = ([least, most]: [number, number], digits: number) =>
    least.toFixed(digits) === most.toFixed(digits)
      ? least.toFixed(digits)
      : `${least.toFixed(digits)} to ${most.toFixed(digits)}`;
  return [
    '## GPU hosts',
    '',
    'Segmentation of the usual course, at on-demand prices. G6 is the reference. The other times follow from NVIDIA’s data sheets (memory',
    'bandwidth, tensor throughput in half precision), if 0 to 50 % of the time is CPU work. No host was measured.',
    '',
    '| host | GPU | $ per hour | seconds | $ per course |',
    '|---|---|---|---|---|',
    ...hostChoices().map(
      ({ name, gpu, price, seconds, dollars }) =>
        `| ${name} | ${gpu} | ${price} | ${range(seconds, 0)} | ${range(dollars, 3)} |`,
    ),
    '',
    'G6 and G5 overlap. Both are in the default list, because AWS takes spot hosts back less often if a deployment accepts more types. G5 may be cheaper per course. G6e is for images that need more than 24 GB.',
    '',
  ];
}

function groupTable(): string[] {
  const { containerStart, spotLossPerHour } = CAPACITIES.likely;
  const rows = groupings(containerStart, spotLossPerHour);
  const [alone, together] = [rows[0], rows[rows.length - 1]];
  const saved = (loading: Loading) => (100 * (1 - together.seconds[loading] / alone.seconds[loading])).toFixed(0);
  const { modules, network, networks } = PROGRAM_START;
  return [
    '## Several courses in one GPU job',
    '',
    '| courses per job | TotalSegmentator, GPU seconds per course | converted tasks, GPU seconds per course | wait of the first course for the others, s |',
    '|---|---|---|---|',
    ...rows.map(
      ({ courses, seconds, delay }) =>
        `| ${courses} | ${seconds.program.toFixed(0)} | ${seconds.converted.toFixed(0)} | ${delay.toFixed(0)} |`,
    ),
    '',
    `A job has one course, because eight would save only ${saved('program')} % of the GPU time with TotalSegmentator, and ${saved('converted')} % with converted tasks.`,
    '',
    '- TotalSegmentator is a new process for every image. It loads its modules and its weights each time, whatever else the job does.',
    `  Measured on one core: ${modules} s for the modules and ${network} s for each of the ${networks} networks of \`total\`, of processor time. So a job of several`,
    '  courses saves only starts of the container.',
    `- A converted task opens a network in ${CONVERTED_START.network} s, measured likewise, and has nothing else to load. So [converting](segmentation.md) a task saves`,
    `  ${(100 * (1 - alone.seconds.converted / alone.seconds.program)).toFixed(0)} % of the GPU time of a course, more than courses that share a job could. This counts the same time for the networks themselves.`,
    '- What CUDA takes to start was not measured, because no GPU was at hand. Each second of it is 0.7 % of a course.',
    '- The price of sharing: the first course waits for the last, a lost host costs all unfinished courses of the job, and all courses share one',
    '  memory limit and one log. A host boots once and keeps its image for many jobs anyway.',
    '',
  ];
}

function limitTable(limits: Limit[]): string[] {
  const [few, many] = [1e4, 1e6];
  const cell = (limit: Limit, courses: number) =>
    `${limit.breaks(courses) ? '**breaks**: ' : ''}${limit.asks(courses)}`;
  const both = (limit: Limit) =>
    limit.asks(few) === limit.asks(many) ? [cell(limit, few), 'the same'] : [cell(limit, few), cell(limit, many)];
  return [
    '## What breaks at 10,000 and at 1,000,000 courses',
    '',
    'These are the needs of one upload on the default deployment, and the quotas that AWS documents for us-east-1:',
    '',
    '| | limit | 10,000 courses | 1,000,000 courses | remedy | source |',
    '|---|---|---|---|---|---|',
    ...limits.map((limit) => `| ${[limit.what, limit.limit, ...both(limit), limit.remedy, limit.page].join(' | ')} |`),
  ];
}
