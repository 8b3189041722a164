import type { HostKind } from '#lib/aws/prices.ts';
import type { Random } from '#lib/random.ts';

export type Market = 'spot' | 'onDemand';

/** What of a job decides where it fits and what Fargate charges. */
export interface Demand {
  cpus: number;
  memoryMiB: number;
}

/** When a placed job begins to work, and when its host is lost if the job has not ended before. Seconds of the clock. */
export interface Placement {
  worksAt: number;
  lostAt: number;
  /** Gives the place back at the end of the job, or with the host at `lostAt`. */
  leave(at: number): void;
}

export interface Bill {
  /** Of hosts from boot to end; of Fargate tasks from start to end. */
  hours: number;
  dollars: number;
  /** Hosts or tasks that were started, and those that AWS took back while a job ran. */
  started: number;
  lost: number;
}

/** A compute environment of Batch. */
export interface Environment {
  kind: HostKind;
  market: Market;
  /** A place for the job now; undefined while nothing is free and nothing more may start. */
  place(job: Demand, at: number): Placement | undefined;
  /** What it costs from its beginning until its last host has ended, where nothing comes after `at`. */
  bill(at: number): Bill;
}

/** Seconds until AWS takes back a host: exponential on spot capacity, never on demand. */
export function lifeOf(market: Market, lossPerHour: number, random: Random): number {
  if (market === 'onDemand' || lossPerHour === 0) return Number.POSITIVE_INFINITY;
  return (-Math.log(1 - random()) * 3600) / lossPerHour;
}

/** The word of lib/aws/prices.ts for a market. */
export function priceOf(market: Market): 'spot' | 'on demand' {
  return market === 'spot' ? 'spot' : 'on demand';
}
