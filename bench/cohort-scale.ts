import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { StageContext } from '#lib/course-store/context.ts';
import { linesOf, parseJson, readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { aggregate } from '#lib/stages/aggregate/aggregate.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { listWriter } from '#lib/stages/catalog/list.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { report } from '#lib/stages/report.ts';
import { sizeJobs } from '#lib/stages/size-jobs.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { generatedUpload } from './generated-upload.ts';

/**
 * Uploads of growing size from the listing to the report, without the work on each course: seconds of processor, memory, and
 * the exponent by which the time grows from the smallest upload to the largest.
 *   node bench/cohort-scale.ts [--instances 10000,100000] [--one-patient] [--more 50]
 * `--more`: as many courses come to the largest upload, and all steps run again. `--listed`: the list of the upload is made
 * from that of one course, where reading a million headers would take a quarter of an hour.
 */
const FILES_PER_COURSE = 200;
const STEPS = ['catalog', 'organize', 'plan', 'aggregate', 'report'] as const;
type Step = (typeof STEPS)[number];

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '10000,100000' },
    'one-patient': { type: 'boolean', default: false },
    more: { type: 'string', default: '0' },
    listed: { type: 'boolean', default: false },
    step: { type: 'string' },
    folder: { type: 'string', default: '' },
  },
});

if (values.step) await measure(values.step as Step);
else bench(values.instances.split(',').map(Number), Number(values.more));

interface Measured {
  seconds: number;
  peakMiB: number;
}

function bench(sizes: number[], more: number): void {
  const measured = sizes.map((instances, n) => {
    const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-scale-'));
    const steps = stepsOf(folder, instances);
    if (more > 0 && n === sizes.length - 1) {
      stepsOf(folder, instances + more * FILES_PER_COURSE, `${more} courses more`);
      stepsOf(folder, instances + more * FILES_PER_COURSE, 'nothing new');
    }
    rmSync(folder, { recursive: true });
    return steps;
  });
  const [first, last] = [measured[0], measured[measured.length - 1]];
  if (sizes.length < 2) return;
  const growth = Math.log(sizes[sizes.length - 1] / sizes[0]);
  const exponents = [...STEPS.map((step) => [first[step].seconds, last[step].seconds]), [first, last].map(total)];
  const told = exponents.map(([small, large]) => (Math.log(large / small) / growth).toFixed(2));
  console.log(`exponents: ${STEPS.map((step, n) => `${step} ${told[n]}`).join(', ')}, all ${told[STEPS.length]}`);
}

function total(steps: Record<Step, Measured>): number {
  return STEPS.reduce((sum, step) => sum + steps[step].seconds, 0);
}

/** Each step in a process of its own: its memory is its own. */
function stepsOf(folder: string, instances: number, title = ''): Record<Step, Measured> {
  const script = fileURLToPath(import.meta.url);
  const shape = [
    '--instances',
    String(instances),
    ...['one-patient', 'listed'].filter((flag) => values[flag as 'listed']).map((flag) => `--${flag}`),
  ];
  const entries = STEPS.map((step): [Step, Measured] => {
    const args = [script, ...shape, '--step', step, '--folder', folder];
    return [step, JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))];
  });
  const steps = Object.fromEntries(entries) as Record<Step, Measured>;
  const told = entries.map(([step, { seconds, peakMiB }]) => `${step} ${seconds.toFixed(1)} s ${peakMiB} MiB`);
  const sizes = `instances ${mebibytes(join(folder, 'private'))} MiB, run ${mebibytes(join(folder, 'run'))} MiB`;
  console.log(`${instances} instances${title && `, ${title}`}: ${told.join(', ')}; ${sizes}`);
  return steps;
}

function mebibytes(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
  return (bytes / 2 ** 20).toFixed(1);
}

async function measure(step: Step): Promise<void> {
  const store = fileStore(values.folder);
  const courses = Number(values.instances) / FILES_PER_COURSE;
  const input = generatedUpload({ courses, files: FILES_PER_COURSE, onePatient: values['one-patient'] });
  const { signal } = new AbortController();
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  if (step === 'catalog') await writeJson(store, runKeys.config, {});
  const before = process.cpuUsage();
  await run(step, context);
  const { user, system } = process.cpuUsage(before);
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds: (user + system) / 1e6, peakMiB } satisfies Measured));
}

async function run(step: Step, context: StageContext): Promise<void> {
  const force = false;
  if (step === 'catalog' && values.listed) await writeList(context, Number(values.instances) / FILES_PER_COURSE);
  else if (step === 'catalog') await catalog.run({ force }, context);
  if (step === 'organize') await organize.run({ force }, context);
  if (step === 'aggregate') await aggregate.run({}, context);
  if (step === 'report') await report.run({}, context);
  if (step !== 'plan') return;
  for (const { courseId } of await readJsonLines<CourseEntry>(context.store, runKeys.courses))
    await sizeJobs.run({ courseId, force }, context);
}

/** The list of a generated upload: that of its first course with the numbers of the others. */
async function writeList(context: StageContext, courses: number): Promise<void> {
  const onePatient = values['one-patient'];
  const store = memoryStore();
  await writeJson(store, runKeys.config, {});
  const input = generatedUpload({ courses: 1, files: FILES_PER_COURSE, onePatient });
  await catalog.run({ force: true }, { ...context, input, store });
  const first = Buffer.from(await store.get(runKeys.instancePart('all'))).toString();
  const list = await listWriter(context, 'all');
  for (let course = 1; course <= courses; course++) {
    const text = first
      .replace(/(2\.25\.1\d{5})(\d{20,})/g, (_, thing, number) => thing + String(course).padStart(number.length, '0'))
      .replaceAll('"0000001/', `"${String(course).padStart(7, '0')}/`)
      .replaceAll('00001"', onePatient ? '00001"' : `${String(course).padStart(5, '0')}"`);
    for (const bytes of linesOf(Buffer.from(text))) await list.add(parseJson(bytes), bytes);
  }
  await list.finish();
}
