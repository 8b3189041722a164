import type { Network } from './schema.ts';

/** Networks in the order they run in: one that refines another comes after it. */
export function inOrder(networks: Network[]): Network[] {
  const done: Network[] = [];
  const visit = (network: Network, waiting: Network[]) => {
    if (done.includes(network) || waiting.includes(network)) return;
    const first = networks.find(({ alias }) => alias === network.previous_stage);
    if (first) visit(first, [...waiting, network]);
    done.push(network);
  };
  for (const network of networks) visit(network, []);
  return done;
}
