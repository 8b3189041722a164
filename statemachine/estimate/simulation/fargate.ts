import { hourlyPrice } from '#lib/aws/prices.ts';
import type { Random } from '#lib/random.ts';
import type { Capacity } from './capacity.ts';
import { type Environment, lifeOf, type Market, priceOf } from './environment.ts';

/**
 * AWS starts so many Fargate tasks of an account in a second, and so many at once after a rest: ECS developer guide,
 * "AWS Fargate throttling quotas".
 */
export const FARGATE_STARTS = { perSecond: 20, burst: 100 } as const;

/** A compute environment of Fargate: each task is a host of its own size and pulls its image. AWS bills a minute at least. */
export function fargateEnvironment(market: Market, capacity: Capacity, random: Random): Environment {
  const past = { hours: 0, dollars: 0, started: 0, lost: 0 };
  const bucket = { tokens: FARGATE_STARTS.burst as number, at: 0 };
  let used = 0;
  return {
    kind: 'cpu',
    market,
    place({ cpus, memoryMiB }, at) {
      if (used + cpus > capacity.vcpus.cpu[market]) return undefined;
      bucket.tokens = Math.min(FARGATE_STARTS.burst, bucket.tokens + (at - bucket.at) * FARGATE_STARTS.perSecond) - 1;
      bucket.at = at;
      const begunAt = at + Math.max(0, -bucket.tokens / FARGATE_STARTS.perSecond);
      const lostAt = begunAt + lifeOf(market, capacity.spotLossPerHour, random);
      used += cpus;
      past.started += 1;
      return {
        worksAt: begunAt + capacity.fargateStart,
        lostAt,
        leave(then) {
          used -= cpus;
          const hours = Math.max(60, then - begunAt) / 3600;
          past.hours += hours;
          past.dollars += hours * hourlyPrice('cpu', priceOf(market), cpus, memoryMiB);
          if (then >= lostAt) past.lost += 1;
        },
      };
    },
    bill: () => ({ ...past }),
  };
}
