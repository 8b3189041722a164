import type { HostKind } from '#lib/aws/prices.ts';

/**
 * What a deployment may run at the same time, and how its hosts behave. Times in seconds. Figures that AWS does not
 * state are the `low`, `likely` or `high` values of docs/scale.md, which names their source.
 */
export interface Capacity {
  /** As the deployment sets it. */
  courseConcurrency: number;
  /** Most vCPUs at once in each market, as the deployment sets them. Hosts with large GPUs count apart. */
  vcpus: Record<HostKind, { spot: number; onDemand: number }>;
  /** From the request for a host until it takes jobs. */
  hostBoot: number;
  /** First pull of the image on a host with GPUs; later jobs find it there. */
  gpuImagePull: number;
  /** First pull of the image of the CPU stages on a host. */
  cpuImagePull: number;
  /** From the placement of a Fargate task until its program runs: network interface and pull, for every task. */
  fargateStart: number;
  /** A container of an image that the host has, until the program runs. */
  containerStart: number;
  /** How long an idle host waits for a job before Batch ends it. */
  idle: number;
  /** Part of the spot hosts that AWS takes back in an hour of their running. */
  spotLossPerHour: number;
}

/** vCPUs of the hosts that the queues use first. Fargate has no hosts: each task is its own. */
export const VCPUS_OF_HOST: Record<Exclude<HostKind, 'cpu'>, number> = { gpu: 8, largeGpu: 8, long: 16 };

/** Hours of a month of 30 days: the Spot Instance Advisor states interruptions per month. */
const HOURS_PER_MONTH = 720;

/** A rate per hour from the part of hosts lost within a month. */
export function lossPerHour(partPerMonth: number): number {
  return -Math.log(1 - partPerMonth) / HOURS_PER_MONTH;
}

const DEPLOYED = {
  courseConcurrency: 100,
  vcpus: {
    cpu: { spot: 256, onDemand: 256 },
    long: { spot: 128, onDemand: 128 },
    gpu: { spot: 64, onDemand: 64 },
    largeGpu: { spot: 64, onDemand: 64 },
  },
};

/**
 * A deployment with its default settings. Origins: a host of EC2 boots and joins its cluster in 1 to 3 minutes; the image
 * with CUDA and PyTorch has 4 to 6 GB compressed, unpacked at 25 to 100 MB/s; the analysis image 0.2 GB; Fargate tasks
 * start in half a minute to a minute and a half; Batch ends idle hosts after some minutes. The Spot Instance Advisor says
 * under 5 % to over 20 % a month.
 */
export const CAPACITIES: Record<'low' | 'likely' | 'high', Capacity> = {
  low: {
    ...DEPLOYED,
    hostBoot: 60,
    gpuImagePull: 60,
    cpuImagePull: 5,
    fargateStart: 30,
    containerStart: 1,
    idle: 60,
    spotLossPerHour: lossPerHour(0.05),
  },
  likely: {
    ...DEPLOYED,
    hostBoot: 120,
    gpuImagePull: 120,
    cpuImagePull: 10,
    fargateStart: 60,
    containerStart: 3,
    idle: 180,
    spotLossPerHour: lossPerHour(0.1),
  },
  high: {
    ...DEPLOYED,
    hostBoot: 180,
    gpuImagePull: 240,
    cpuImagePull: 20,
    fargateStart: 90,
    containerStart: 10,
    idle: 600,
    spotLossPerHour: lossPerHour(0.25),
  },
};
