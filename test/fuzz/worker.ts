import { parentPort, workerData } from 'node:worker_threads';
import { tryMutant } from './outcome.ts';
import { TARGETS } from './targets.ts';

/** A thread that tries mutants one after another and tells of each, so that one that hangs can be ended with it. */
export interface Order {
  target: string;
  seed: number;
  first: number;
  end: number;
}

const { target, seed, first, end } = workerData as Order;
const reader = await TARGETS[target]();
parentPort?.postMessage({ index: first - 1 });
for (let index = first; index < end; index++) {
  const outcome = await tryMutant(reader, seed, index);
  parentPort?.postMessage({ index, outcome });
}
