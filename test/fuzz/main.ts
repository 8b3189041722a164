import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './outcome.ts';
import { TARGETS } from './targets.ts';
import type { Order } from './worker.ts';

/** `npm run fuzz -- [dicom image archive config asl] --count N --seed S`: what became of N mutants of each, and every fault. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const targets = positionals.length > 0 ? positionals : Object.keys(TARGETS);
const unknown = targets.find((name) => !Object.hasOwn(TARGETS, name));
if (unknown !== undefined || !(count > 0) || !Number.isInteger(seed)) {
  console.error(`usage: npm run fuzz -- [${Object.keys(TARGETS).join(' ')}] --count N --seed S`);
  process.exit(2);
}

/** A mutant that is not done by then hangs, on a machine with much else to do too. */
const HANGS_AFTER_MS = 120_000;

interface Tally {
  counts: Record<Outcome['kind'] | 'hang', number>;
  /** Each fault once, with the first mutant that has it. */
  faults: Map<string, number>;
  slowest: number;
}

let faulty = false;
for (const target of targets) {
  const began = performance.now();
  const { counts, faults, slowest } = await tally(target);
  const each = ((performance.now() - began) / count).toFixed(2);
  const memory = process.resourceUsage().maxRSS >> 10;
  const told = Object.entries(counts).map(([kind, number]) => `${number} ${kind}`);
  console.log(`${target}: ${told.join(', ')}; ${each} ms each, slowest ${slowest.toFixed(2)} s, ${memory} MiB at most`);
  for (const [fault, index] of faults) console.log(`  ${target} --seed ${seed}, mutant ${index}: ${fault}`);
  faulty ||= faults.size > 0;
}
process.exitCode = faulty ? 1 : 0;

async function tally(target: string): Promise<Tally> {
  const result: Tally = { counts: { read: 0, refused: 0, fault: 0, slow: 0, hang: 0 }, faults: new Map(), slowest: 0 };
  for (let first = 0; first < count; ) first = await runFrom({ target, seed, first, end: count }, result);
  return result;
}

/** Answers the first mutant that is left: behind one that hung, or the end. */
function runFrom(order: Order, result: Tally): Promise<number> {
  const { counts, faults } = result;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: order });
  let next = order.first;
  return new Promise((resolve, reject) => {
    let watch: NodeJS.Timeout;
    const rearm = () => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        counts.hang += 1;
        note(faults, 'hangs', next);
        worker.removeAllListeners('exit');
        void worker.terminate().then(() => resolve(next + 1));
      }, HANGS_AFTER_MS);
    };
    worker.on('message', ({ index, outcome }: { index: number; outcome?: Outcome }) => {
      rearm();
      next = index + 1;
      if (!outcome) return;
      counts[outcome.kind] += 1;
      result.slowest = Math.max(result.slowest, outcome.seconds);
      if (outcome.message) note(faults, outcome.message, index);
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearTimeout(watch);
      resolve(order.end);
    });
  });
}

function note(faults: Map<string, number>, message: string, index: number): void {
  const lines = message.split('\n').slice(0, 4).join('\n    ');
  if (!faults.has(lines)) faults.set(lines, index);
}
