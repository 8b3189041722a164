import { ownCpuSeconds, watchedUse } from '#lib/pool/process-tree.ts';
import type { Budget } from '#statemachine/local/budget.ts';
import type { SchedulerState } from '#statemachine/local/scheduler.ts';

/** How the machine is used at the moment. */
export interface Sample {
  /** CPUs: kept busy since the last sample, by the run itself among them, and lent to jobs. */
  cpus: { busy: number; own: number; lent: number };
  memoryMiB: { used: number; lent: number };
  jobs: { running: number; waiting: number };
}

/** Compares what the run and its jobs have used with the last time. */
export function createSampler(budget: Budget): (scheduler: SchedulerState | undefined, atMs: number) => Sample {
  let before = { cpuSeconds: ownCpuSeconds(), own: process.cpuUsage(), atMs: Number.NaN };
  return (scheduler, atMs) => {
    const jobs = watchedUse();
    const cpuSeconds = ownCpuSeconds() + jobs.cpuSeconds;
    const seconds = (atMs - before.atMs) / 1000;
    const perSecond = (value: number) => (seconds > 0 ? Math.max(0, Math.round((1000 * value) / seconds) / 1000) : 0);
    const { user, system } = process.cpuUsage(before.own);
    const busy = perSecond(cpuSeconds - before.cpuSeconds);
    const own = perSecond((user + system) / 1e6);
    before = { cpuSeconds: Math.max(cpuSeconds, before.cpuSeconds), own: process.cpuUsage(), atMs };
    const used = (jobs.residentBytes + process.memoryUsage.rss()) / 2 ** 20;
    return {
      cpus: { busy, own, lent: scheduler ? budget.cpus - scheduler.cpus : 0 },
      memoryMiB: { used: Math.round(used), lent: scheduler ? budget.memoryMiB - scheduler.memoryMiB : 0 },
      jobs: { running: scheduler?.running ?? 0, waiting: scheduler?.waiting ?? 0 },
    };
  };
}
