import { PRICES } from '#lib/aws/prices.ts';
import { DURATIONS, SPREAD, secondsOf } from '../../cli/estimate/durations.ts';
import { CAPACITIES, type Capacity } from '../../cli/estimate/simulation/capacity.ts';
import { groupings, hostChoices } from './choices.ts';
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
    'Made by `npm run docs:scale`; do not edit. Nothing here was measured on AWS: it is what a simulation gives. The simulation runs the',
    "state machine's own files (`statemachine/*.asl.json`) in the engine that runs them on one machine, with a clock that jumps, and",
    'stands in for Batch, its hosts, Fargate and Lambda: quotas, boot of hosts, pull of images, idle hosts, lost spot hosts, refused',
    'calls. `rtpipeline estimate` uses the same simulation for an upload of yours, three times: everything short, as expected, everything',
    'long. `test/cli/estimate/simulation/` holds it against Erlang’s formula for queues, against the Poisson law of lost hosts, and',
    'against runs worked out by hand, to the second and the cent.',
    '',
    `The usual course here: a CT of ${USUAL.slices} slices, ${USUAL.rois} ROIs, the default stages, no robustness.`,
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
    '## What it assumes',
    '',
    '| | low | likely | high | from |',
    '|---|---|---|---|---|',
    row('a host boots and joins, s', (one) => one.hostBoot, 'experience with Batch on EC2; AWS states none'),
    row('first pull of the GPU image, s', (one) => one.gpuImagePull, '4 to 6 GB at 25 to 100 MB/s'),
    row('first pull of the CPU image, s', (one) => one.cpuImagePull, '0.2 GB'),
    row('a Fargate task starts, s', (one) => one.fargateStart, 'network interface and pull, for every task'),
    row('an empty host ends after, s', (one) => one.idle, 'Batch decides; AWS states no time'),
    row('spot hosts lost in a month', perMonth, 'Spot Instance Advisor: under 5 % to over 20 %'),
    `| length of jobs, times | ${SPREAD.low} | ${SPREAD.likely} | ${SPREAD.high} | below |`,
    '',
    `Length of jobs, likely: ${course.join(', ')}. CPU stages follow from runs on one core of 2026, segmentation from what its authors publish`,
    `for a 24 GB GPU (${segmentation.perSlice} s a slice at 1.5 mm and ${segmentation.start} s to load). Prices: ${PRICES.region}, ${PRICES.date}, spot at ${100 * PRICES.spotShare.hosts} % of hosts and ${100 * PRICES.spotShare.fargate} % of Fargate.`,
    '',
  ];
}

function gpuTable(rows: GpuRow[]): string[] {
  return [
    '## GPUs and courses at once',
    '',
    'Half of the GPUs are spot hosts (`segmentationVcpus` counts 8 for each, per market). In the steady state, beginning and end of a run left out:',
    '',
    '| GPUs | `courseConcurrency` | courses an hour | $ a course | days for 10,000 | days for 1,000,000 |',
    '|---|---|---|---|---|---|',
    ...rows.map(gpuRow),
    '',
    'GPUs bound a run until the courses at once do. A course is under way some ten minutes, of which its GPU works two and a half, and waits before',
    'that: so `courseConcurrency` is best six times the GPUs. With fewer courses the GPUs stand idle and each course costs more, as the default',
    'of 40 shows from 16 GPUs on, which the default deployment has: 100 suits it better. Beyond 32 GPUs `analysisVcpus` bounds a run: a course',
    'takes 1,950 vCPU seconds of Fargate.',
    '',
  ];
}

function lossTable(rows: LossRow[]): string[] {
  return [
    '## Lost spot hosts',
    '',
    '| lost in a month | in an hour | courses an hour | $ a course | hosts and tasks lost, of 1,000 courses |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ perHour, coursesPerHour, dollarsPerCourse, lostPerThousand }) =>
        `| ${(100 * (1 - Math.exp(-720 * perHour))).toFixed(0)} % | ${(100 * (1 - Math.exp(-perHour))).toFixed(3)} % | ${coursesPerHour.toFixed(1)} | ${dollarsPerCourse.toFixed(3)} | ${lostPerThousand.toFixed(0)} |`,
    ),
    '',
    'Eight GPUs. Jobs are short, so a lost host costs little: spot capacity pays up to losses that no advisor shows.',
    '',
  ];
}

function arrivalTable(rows: ArrivalRow[]): string[] {
  return [
    '## Uploads that come by chance',
    '',
    'Single courses come at random times (Poisson), each a run of its own, on 4 GPUs:',
    '',
    '| uploads an hour | GPUs busy | mean time from upload to report, minutes | longest | $ a course |',
    '|---|---|---|---|---|',
    ...rows.map(
      ({ perHour, busy, meanMinutes, mostMinutes, dollarsPerCourse }) =>
        `| ${perHour} | ${(100 * busy).toFixed(0)} % | ${meanMinutes.toFixed(0)} | ${mostMinutes.toFixed(0)} | ${dollarsPerCourse.toFixed(3)} |`,
    ),
    '',
    'Where uploads are rare, each boots a GPU host and Fargate tasks for itself: boot, pull and idle time cost more than the work.',
    '',
  ];
}

function hostTable(): string[] {
  const range = ([least, most]: [number, number], digits: number) =>
    least.toFixed(digits) === most.toFixed(digits)
      ? least.toFixed(digits)
      : `${least.toFixed(digits)} to ${most.toFixed(digits)}`;
  return [
    '## Which hosts',
    '',
    'Segmentation of the usual course, on demand. G6 is the yardstick; the others follow from NVIDIA’s data sheets (memory bandwidth, tensor',
    'throughput in half precision) with 0 to 50 % of the time on the CPU. No host was measured.',
    '',
    '| host | GPU | $ an hour | seconds | $ a course |',
    '|---|---|---|---|---|',
    ...hostChoices().map(
      ({ name, gpu, price, seconds, dollars }) =>
        `| ${name} | ${gpu} | ${price} | ${range(seconds, 0)} | ${range(dollars, 3)} |`,
    ),
    '',
    'G6 and G5 overlap: both stand in the default list, as more pools of spot hosts are lost less often. For one course a G5 may be cheaper and a T4 is not; G6e is for what does not fit into 24 GB.',
    '',
  ];
}

function groupTable(): string[] {
  const { containerStart, spotLossPerHour } = CAPACITIES.likely;
  const rows = groupings(containerStart, spotLossPerHour);
  const saved = 1 - rows[rows.length - 1].seconds / rows[0].seconds;
  return [
    '## Several courses in one GPU job',
    '',
    '| courses a job | GPU seconds a course | the first course waits for the others, s |',
    '|---|---|---|',
    ...rows.map(({ courses, seconds, delay }) => `| ${courses} | ${seconds.toFixed(0)} | ${delay.toFixed(0)} |`),
    '',
    `Eight courses in a job would save ${(100 * saved).toFixed(0)} % of the GPU time. In return a course that fails takes its job with it, memory climbs for all, and`,
    'the log is one. A host keeps its image and boots once for many jobs anyway. So a job has one course.',
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
    'Of the default deployment, in one upload. Quotas as AWS documents them, for us-east-1:',
    '',
    '| | limit | 10,000 courses | 1,000,000 courses | what then | stated in |',
    '|---|---|---|---|---|---|',
    ...limits.map((limit) => `| ${[limit.what, limit.limit, ...both(limit), limit.remedy, limit.page].join(' | ')} |`),
  ];
}
