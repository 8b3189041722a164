import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { memoryCgroup } from '../test/fixtures/memory-cgroup.ts';

/**
 * Tasks of 300 to 900 MB in worker threads under a limit of 2 GB that the kernel keeps, with admission on and off, beside
 * the same without a limit: `node bench/execution-memory.ts`, as a user who may make control groups.
 */

const LIMIT_MIB = 2048;
const SIZES_MIB = [300, 900, 500, 700, 400, 800, 600, 300, 900, 500, 350, 650];
const program = fileURLToPath(new URL('../test/fixtures/pool-load.ts', import.meta.url));

interface Load {
  results: (number | string)[];
  events: string[];
}

async function load(admission: 'on' | 'off', isLimited: boolean): Promise<Load & { seconds: number; killed: number }> {
  const poolMiB = isLimited ? 0.9 * LIMIT_MIB : 64 * 1024;
  const args = [program, String(poolMiB), admission, 'off', ...SIZES_MIB.map(String)];
  const cgroup = isLimited ? memoryCgroup(LIMIT_MIB * 2 ** 20) : undefined;
  if (isLimited && !cgroup) throw new Error('no control group can be made here');
  const started = performance.now();
  const { stdout, signal } = await execa(...(cgroup?.shell(process.execPath, args) ?? [process.execPath, args]), {
    reject: false,
  });
  cgroup?.remove();
  const seconds = (performance.now() - started) / 1000;
  if (signal) return { results: [], events: [], seconds, killed: 1 };
  return { ...JSON.parse(stdout), seconds, killed: 0 };
}

const unlimited = await load('on', false);
for (const admission of ['on', 'off'] as const) {
  const { results, events, seconds, killed } = await load(admission, true);
  const same = JSON.stringify(results) === JSON.stringify(unlimited.results);
  const backOffs = events.filter((event) => event === 'Pool:Memory:BackOff').length;
  process.stdout.write(
    `admission ${admission.padEnd(4)} ${results.length} of ${SIZES_MIB.length} tasks, ${same ? 'same' : 'OTHER'} results, ` +
      `${backOffs} back-offs, ${killed} killed by the kernel, ${seconds.toFixed(1)} s\n`,
  );
}
