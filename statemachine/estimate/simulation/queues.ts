import type { HostKind } from '#lib/aws/prices.ts';
import type { Random } from '#lib/random.ts';
import { QUEUE_BINDINGS } from '#statemachine/bindings.ts';
import type { Capacity } from './capacity.ts';
import type { Environment } from './environment.ts';
import { fargateEnvironment } from './fargate.ts';
import { hostEnvironment } from './hosts.ts';

/** The compute environments of a deployment, in both markets. */
export function environmentsOf(capacity: Capacity, random: Random): Environment[] {
  return (['spot', 'onDemand'] as const).flatMap((market) => [
    fargateEnvironment(market, capacity, random),
    ...(['long', 'gpu', 'largeGpu'] as const).map((kind) => hostEnvironment(kind, market, capacity, random)),
  ]);
}

const KINDS = { cpu: 'cpu', 'long cpu': 'long', gpu: 'gpu', 'large gpu': 'largeGpu' } as const satisfies Record<
  string,
  HostKind
>;

/** Environments by queue as infra/ orders them: spot first and on demand behind it; on demand alone where the name says so. */
export function queuesOf(environments: Environment[]): Record<string, Environment[]> {
  return Object.fromEntries(
    Object.entries(QUEUE_BINDINGS).map(([queue, { hosts, market }]) => [
      queue,
      environments.filter((one) => one.kind === KINDS[hosts] && !(market === 'on demand' && one.market === 'spot')),
    ]),
  );
}
