import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** CPU time from the start of a command to its last word, on Linux: `node bench/start-up.ts [main.js] [node]`. */
const main = process.argv[2] ?? fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const node = process.argv[3] ?? process.execPath;
const RUNS = 20;

console.log(`command          CPU time, mean of ${RUNS}`);
for (const args of [['--version'], ['--help'], ['status', '--help'], ['dvh', '--help'], ['run', '--help']]) {
  const before = childrenCpuMs();
  for (let run = 0; run < RUNS; run++) {
    const { status, stderr } = spawnSync(node, [main, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  }
  console.log(`${args.join(' ').padEnd(16)} ${((childrenCpuMs() - before) / RUNS).toFixed(0)} ms`);
}

/** Of children that have ended, user and system: the 16th and 17th field of /proc/self/stat, in hundredths of a second. */
function childrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[13]) + Number(fields[14]));
}
