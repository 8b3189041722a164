import { type HostKind, hourlyPrice } from '#lib/aws/prices.ts';
import type { Random } from '#lib/random.ts';
import { type Capacity, VCPUS_OF_HOST } from './capacity.ts';
import { type Environment, lifeOf, type Market, priceOf } from './environment.ts';

interface Host {
  bootedAt: number;
  readyAt: number;
  lostAt: number;
  /** When its first job has pulled the image. */
  pulledAt: number;
  freeCpus: number;
  jobs: number;
  idleSince: number;
}

/**
 * A compute environment of hosts: a job goes to a host that has room, else a new one boots for it. A job with a GPU has its
 * host alone. A host that is empty for `idle` seconds ends.
 */
export function hostEnvironment(
  kind: Exclude<HostKind, 'cpu'>,
  market: Market,
  capacity: Capacity,
  random: Random,
): Environment {
  const cpusOfHost = VCPUS_OF_HOST[kind];
  const most = Math.floor(capacity.vcpus[kind][market] / cpusOfHost);
  const pull = kind === 'long' ? capacity.cpuImagePull : capacity.gpuImagePull;
  const price = hourlyPrice(kind, priceOf(market), cpusOfHost, 0);
  const hosts = new Set<Host>();
  const past = { seconds: 0, started: 0, lost: 0 };

  const end = (host: Host, at: number) => {
    if (hosts.delete(host)) past.seconds += at - host.bootedAt;
  };
  const endIdle = (until: number) => {
    for (const host of hosts) {
      const ends = Math.min(host.idleSince + capacity.idle, host.lostAt);
      if (host.jobs === 0 && ends <= until) end(host, ends);
    }
  };
  const boot = (at: number): Host => {
    const readyAt = at + capacity.hostBoot;
    const lostAt = readyAt + lifeOf(market, capacity.spotLossPerHour, random);
    const times = { bootedAt: at, readyAt, lostAt, pulledAt: Number.POSITIVE_INFINITY, idleSince: at };
    const host = { ...times, freeCpus: cpusOfHost, jobs: 0 };
    hosts.add(host);
    past.started += 1;
    return host;
  };

  return {
    kind,
    market,
    place(job, at) {
      endIdle(at);
      const cpus = kind === 'long' ? Math.min(job.cpus, cpusOfHost) : cpusOfHost;
      const found = [...hosts].find(({ freeCpus, lostAt }) => freeCpus >= cpus && lostAt > at);
      const host = found ?? (hosts.size < most ? boot(at) : undefined);
      if (!host) return undefined;
      host.freeCpus -= cpus;
      host.jobs += 1;
      const startsAt = Math.max(at, host.readyAt);
      if (host.pulledAt === Number.POSITIVE_INFINITY) host.pulledAt = startsAt + pull;
      return {
        worksAt: Math.max(startsAt, host.pulledAt) + capacity.containerStart,
        lostAt: host.lostAt,
        leave(then) {
          host.freeCpus += cpus;
          host.jobs -= 1;
          host.idleSince = then;
          if (then < host.lostAt || !hosts.has(host)) return;
          past.lost += 1;
          end(host, host.lostAt);
        },
      };
    },
    bill(at) {
      endIdle(at + capacity.idle);
      const hours = past.seconds / 3600;
      return { hours, dollars: hours * price, started: past.started, lost: past.lost };
    },
  };
}
