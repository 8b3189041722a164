/**
 * List prices in US dollars, Linux, us-east-1, without tax or agreement. They change: the date is shown with every
 * figure made of them. Sources: https://aws.amazon.com/ec2/pricing/on-demand/, https://aws.amazon.com/fargate/pricing/,
 * https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/s3/pricing/, https://aws.amazon.com/ebs/pricing/,
 * https://aws.amazon.com/privatelink/pricing/, https://aws.amazon.com/cloudwatch/pricing/.
 */
export const PRICES = {
  date: '2026-11-01',
  region: 'us-east-1',
  /** Fargate, x86: per CPU and per GB of memory in an hour. */
  fargate: { vcpuHour: 0.04048, gbHour: 0.004445 },
  /** Hosts that the queues use first, per hour. */
  hosts: { gpu: 0.9776, largeGpu: 2.242, long: 0.714 },
  /** CPUs of the hosts that jobs share. */
  hostCpus: { long: 16 },
  /** Spot capacity costs about this part of the list price: it varies by zone and hour. */
  spotShare: { fargate: 0.3, hosts: 0.45 },
  /** gp3: per GB and month, and per MB/s above 125 and month. */
  disk: { gbMonth: 0.08, throughputMonth: 0.04 },
  /** Interface endpoint, per zone and hour. */
  endpointHour: 0.01,
  /** Custom metric, per month in which it is written. */
  metricMonth: 0.3,
  /** Standard workflows, per state transition. */
  transition: 0.000025,
  /** S3 Standard, per GB and month, and per request. */
  storage: { gbMonth: 0.023, put: 0.000005, get: 0.0000004 },
  /** Lambda on ARM, per GB and second. */
  lambdaGbSecond: 0.0000133334,
} as const;

/** Months after which a table of prices is not to be trusted without a look. */
const MONTHS_TRUSTED = 12;

/** A sentence when the table is old; '' otherwise. */
export function priceWarning(now: Date): string {
  const [year, month] = PRICES.date.split('-').map(Number);
  const months = 12 * (now.getUTCFullYear() - year) + now.getUTCMonth() + 1 - month;
  return months > MONTHS_TRUSTED ? `The prices are ${months} months old: look them up before you rely on them.` : '';
}

/** Of the disk of a host: 200 GB at 500 MB/s, as `infra/constructs/compute.ts` orders it. */
export function diskHour(): number {
  const { gbMonth, throughputMonth } = PRICES.disk;
  return (200 * gbMonth + (500 - 125) * throughputMonth) / HOURS_PER_MONTH;
}

/** What prices by the month count an hour as. */
export const HOURS_PER_MONTH = 730;

/** Kinds of hosts, as the state machine names its queues. */
export type HostKind = 'cpu' | 'long' | 'gpu' | 'largeGpu';

/**
 * What an hour of a job costs: on Fargate by its size, on hosts by its share of the CPUs; a job with a GPU has
 * the only one of its host, on which no other job then starts.
 */
export function hourlyPrice(kind: HostKind, market: 'spot' | 'on demand', cpus: number, memoryMiB: number): number {
  const spot = market === 'spot';
  if (kind === 'cpu') {
    const full = cpus * PRICES.fargate.vcpuHour + (memoryMiB / 1024) * PRICES.fargate.gbHour;
    return full * (spot ? PRICES.spotShare.fargate : 1);
  }
  const share = kind === 'long' ? Math.min(1, cpus / PRICES.hostCpus.long) : 1;
  return PRICES.hosts[kind] * share * (spot ? PRICES.spotShare.hosts : 1);
}
