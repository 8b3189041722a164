import type { HostKind } from './prices.ts';

/** A quota of an account, by its code in Service Quotas, and the least of it that the product can do something with. */
export interface Quota {
  service: 'ec2' | 'fargate' | 'lambda';
  code: string;
  /** As Service Quotas calls it. */
  name: string;
  least: number;
}

/** CPUs of the smallest job with a GPU, of the smallest robustness host, and of the smallest job on Fargate. */
const LEAST = { gpu: 8, long: 16, cpu: 2 };
/** Two that run while another starts. */
const LEAST_FUNCTIONS = 3;

/**
 * What stands between a new account and a run. Sources: Service Quotas console; EC2 user guide, "Amazon EC2 service quotas"
 * (vCPUs by family, on demand and spot apart); ECS developer guide, "AWS Fargate service quotas"; Lambda guide, "Quotas".
 */
export const QUOTAS = {
  gpuOnDemand: { service: 'ec2', code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances', least: LEAST.gpu },
  gpuSpot: { service: 'ec2', code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests', least: LEAST.gpu },
  longOnDemand: {
    service: 'ec2',
    code: 'L-1216C47A',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    least: LEAST.long,
  },
  longSpot: {
    service: 'ec2',
    code: 'L-34B43A08',
    name: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
    least: LEAST.long,
  },
  cpuOnDemand: {
    service: 'fargate',
    code: 'L-3032A538',
    name: 'Fargate On-Demand vCPU resource count',
    least: LEAST.cpu,
  },
  cpuSpot: { service: 'fargate', code: 'L-36FBB829', name: 'Fargate Spot vCPU resource count', least: LEAST.cpu },
  functions: { service: 'lambda', code: 'L-B99A9384', name: 'Concurrent executions', least: LEAST_FUNCTIONS },
} as const satisfies Record<string, Quota>;
export type QuotaName = keyof typeof QUOTAS;

/** Applied value by quota; absent when the right to read it is missing. */
export type QuotaValues = Partial<Record<QuotaName, number>>;

/** Quotas behind a kind of hosts, on demand first. Hosts with large GPUs count with the others. */
export const QUOTAS_OF_HOSTS: Record<Exclude<HostKind, 'largeGpu'>, [onDemand: QuotaName, spot: QuotaName]> = {
  gpu: ['gpuOnDemand', 'gpuSpot'],
  long: ['longOnDemand', 'longSpot'],
  cpu: ['cpuOnDemand', 'cpuSpot'],
};

/** Whether a quota is known to be below what a single host or job takes. */
export function isTooSmall(name: QuotaName, values: QuotaValues): boolean {
  return (values[name] ?? Number.POSITIVE_INFINITY) < QUOTAS[name].least;
}

/**
 * Kinds of hosts of which the account can run none at all, with the quota to ask for. Jobs for them would wait for days:
 * AWS Batch cancels no job whose reason it cannot tell, and a used-up quota is one of those.
 */
export function closedHosts(values: QuotaValues): Map<HostKind, string> {
  const closed = new Map<HostKind, string>();
  for (const [kind, [onDemand, spot]] of Object.entries(QUOTAS_OF_HOSTS) as [HostKind, [QuotaName, QuotaName]][]) {
    if (!(isTooSmall(onDemand, values) && isTooSmall(spot, values))) continue;
    const { name, code, least } = QUOTAS[onDemand];
    closed.set(
      kind,
      `the account may run ${values[onDemand]} CPUs of them on demand and ${values[spot]} on spot capacity: request at least ${least} of "${name}" (${code})`,
    );
  }
  return closed;
}
