import { PRICES } from '#lib/aws/prices.ts';
import { DURATIONS, secondsOf } from '#statemachine/estimate/durations.ts';
import { USUAL } from './scenario.ts';

/** Hosts with a GPU: on-demand price an hour in us-east-1, and what NVIDIA's data sheets say of the GPU. */
const HOSTS = [
  { name: 'g4dn.2xlarge', gpu: 'T4, 16 GB', price: 0.752, gbPerSecond: 320, tensorTflops: 65 },
  { name: 'g6.2xlarge', gpu: 'L4, 24 GB', price: PRICES.hosts.gpu, gbPerSecond: 300, tensorTflops: 121 },
  { name: 'g5.2xlarge', gpu: 'A10G, 24 GB', price: 1.212, gbPerSecond: 600, tensorTflops: 125 },
  { name: 'g6e.2xlarge', gpu: 'L40S, 48 GB', price: PRICES.hosts.largeGpu, gbPerSecond: 864, tensorTflops: 362 },
];
const REFERENCE = HOSTS[1];
/** Part of segmentation that the CPU does, reading, resampling, saving: not measured, so the range takes both ends. */
const CPU_PARTS = [0, 0.5];

export interface HostChoice {
  name: string;
  gpu: string;
  price: number;
  seconds: [least: number, most: number];
  dollars: [least: number, most: number];
}

/**
 * Segmentation of the usual course by kind of host, on demand. The network's part is scaled by the memory bandwidth of the
 * GPU or by its tensor throughput in half precision: the range holds both, as no host was measured.
 */
export function hostChoices(): HostChoice[] {
  const seconds = secondsOf('segmentation', USUAL, true);
  return HOSTS.map(({ name, gpu, price, gbPerSecond, tensorTflops }) => {
    const speeds = [gbPerSecond / REFERENCE.gbPerSecond, tensorTflops / REFERENCE.tensorTflops];
    const all = speeds.flatMap((speed) => CPU_PARTS.map((part) => seconds * (part + (1 - part) / speed)));
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return { name, gpu, price, seconds: [least, most], dollars: [(least * price) / 3600, (most * price) / 3600] };
  });
}

export interface Grouping {
  courses: number;
  /** GPU seconds of a course, with its part of the start of the job and what is done twice after a lost host. */
  seconds: Record<Loading, number>;
  /** Seconds until the first course of the job goes on to its next stage, if all end together. */
  delay: number;
}

/** `program`: TotalSegmentator, which loads its weights for every image; `converted`: its networks in the job itself. */
export type Loading = 'program' | 'converted';

/**
 * Processor seconds on one core of 2026 that a job of converted networks takes to start: Node, and the five networks of `total`
 * at the size that nnU-Net plans (31 million weights each).
 */
export const CONVERTED_START = { node: 0.15, network: 0.34, networks: 5 };
/** The same of the program with PyTorch 2.8: its modules, and each network. */
export const PROGRAM_START = { modules: 4.7, network: 3.3, networks: 5 };

/**
 * Several courses in one job of segmentation: the container starts once, a lost host costs half of the job, and the first
 * course waits for the last. `lossPerHour` is the rate of lost hosts.
 */
export function groupings(containerStart: number, lossPerHour: number): Grouping[] {
  const { start } = DURATIONS.segmentation;
  const work = secondsOf('segmentation', USUAL, true) - start;
  const opening = CONVERTED_START.node + CONVERTED_START.networks * CONVERTED_START.network;
  return [1, 2, 4, 8].map((courses) => {
    const each = (job: number) => (job + (lossPerHour / 3600) * job * (job / 2)) / courses;
    const seconds = {
      program: each(containerStart + courses * (start + work)),
      converted: each(containerStart + opening + courses * work),
    };
    return { courses, seconds, delay: (courses - 1) * work };
  });
}
