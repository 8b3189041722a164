import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OURS, type Timed } from './entry.ts';
import type { Material } from './material.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

interface Command {
  work: string;
  args(out: string): string[];
  repeats: number;
}

/** Works whose name holds `only` and that are whole commands, in processes of their own: start-up, a course, a cohort. */
export function timeCommands({ course, headers }: Material, only: string): Timed[] {
  const settings = ['--set', 'segmentation.enabled=false', '--set', 'custom_models.enabled=false'];
  const run = (input: string) => (out: string) => ['run', input, '--out', out, ...settings];
  const withoutRobustness = (input: string) => (out: string) => [
    ...run(input)(out),
    '--set',
    'radiomics_robustness.enabled=false',
  ];
  const commands: Command[] = [
    { work: 'start-up: --help', args: () => ['--help'], repeats: 9 },
    { work: `validate ${headers.files} files`, args: () => ['validate', headers.folder], repeats: 3 },
    { work: 'whole course without segmentation', args: run(course.folder), repeats: 2 },
    { work: 'the same without robustness', args: withoutRobustness(course.folder), repeats: 2 },
    { work: 'cohort of 8 small courses', args: run(headers.folder), repeats: 1 },
  ];
  return commands.filter(({ work }) => work.includes(only)).map(timeCommand);
}

/** Processor seconds of the command and all processes that it started. */
function timeCommand({ work, args, repeats }: Command): Timed {
  const seconds: number[] = [];
  for (let n = 0; n < repeats; n++) {
    const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-performance-'));
    const before = childrenSeconds();
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args(join(folder, 'out'))], { encoding: 'utf8' });
    const took = childrenSeconds() - before;
    rmSync(folder, { recursive: true });
    // 3: something is told about the results, as of structures that no rule fits.
    if (status !== 0 && status !== 3) throw new Error(`${work} ended with ${status}: ${stderr}`);
    seconds.push(took);
  }
  return { work, by: OURS, seconds };
}

/** Of children that have ended, user and system: the 16th and 17th field of /proc/self/stat, in hundredths of a second. */
export function childrenSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
