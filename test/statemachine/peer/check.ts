import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COURSE_STAGE_NAMES } from '#lib/stages/table.ts';
import { readPipeline, SUBSTITUTIONS } from '#test/fixtures/pipeline.ts';
import { INPUT, play, type Scene } from '#test/fixtures/play-pipeline.ts';
import { pythonWith } from '../../emulator/python.ts';

/**
 * `npm run check:machines`: the deployed state machines in an interpreter of the Amazon States Language that is not ours, that
 * of LocalStack 4.14, the last one that needs no token, with the JSONata of its Java library. The same scenes are played in both
 * engines, and must end alike, with the same jobs for each course. Needs Python 3.10 or newer, PyPI, Maven Central and Java 11
 * or newer.
 */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const FOLDER = join(ROOT, '.cache', 'check-machines');

/** What LocalStack 4.14 takes from Maven (localstack/services/stepfunctions/packages.py), with the SHA-256 of each. */
const JARS: [path: string, sha256: string][] = [
  ['com/dashjoin/jsonata/0.9.7/jsonata-0.9.7.jar', 'dc09011dee965e68d858e42a19608932eb8bbdcbe9035ab71c44a5b9d566b1bf'],
  [
    'com/fasterxml/jackson/core/jackson-core/2.16.2/jackson-core-2.16.2.jar',
    '4f43e2f1430b2d2413e8e5a3d79138e57e891d6a961b18c28ac90859639d8664',
  ],
  [
    'com/fasterxml/jackson/core/jackson-annotations/2.16.2/jackson-annotations-2.16.2.jar',
    'd1cdd269ebaa753d1842933194e17d61958f058952d63e03dbfb3d1d78a6926e',
  ],
  [
    'com/fasterxml/jackson/core/jackson-databind/2.16.2/jackson-databind-2.16.2.jar',
    '53b6025d98c357068296e4b134242443a248c2c582800879f1c4ea93b54bafa6',
  ],
];

const NOTHING_LEFT_OUT: string[] = [];
const SCENES: Record<string, Scene> = {
  'two courses through every stage': { courses: ['aa', 'bb'], skip: NOTHING_LEFT_OUT },
  'stages left out': { courses: ['aa'], skip: ['segmentation', 'custom_models', 'robustness'] },
  ...Object.fromEntries(
    COURSE_STAGE_NAMES.map((stage): [string, Scene] => [
      `${stage} of one course fails for bad input`,
      { courses: ['aa', 'bb'], skip: NOTHING_LEFT_OUT, exits: { [`aa/${stage}`]: 65 } },
    ]),
  ),
  ...Object.fromEntries(
    [42, 71, 75, 137, 139].map((code): [string, Scene] => [
      `a job that always ends with ${code}`,
      { courses: ['aa'], exits: { 'aa/segmentation': code, 'aa/dvh': code } },
    ]),
  ),
  'a course that cannot be planned': { courses: ['aa', 'bb', 'cc'], unplannable: ['bb'] },
  'a large upload': { courses: ['aa'], catalogBatches: 3 },
  'no course': { courses: [] },
  'tables that cannot be made': { courses: ['aa'], exits: { 'cohort/aggregate': 1 } },
};

interface Played {
  status: string;
  value: unknown;
  started: string[];
  batches: number[];
  outcomes: unknown[];
}

const python = pythonWith(join(FOLDER, 'python'), [join(HERE, 'requirements.txt')]);
const jars = await downloaded();
const theirs = await inLocalStack(python, jars);
for (const [index, [name, scene]] of Object.entries(SCENES).entries()) {
  assert.deepEqual(comparable(theirs[index]), comparable(await here(scene)), name);
  console.log(`alike: ${name}`);
}
console.log(`Both engines end ${theirs.length} scenes alike.`);

async function here(scene: Scene): Promise<Played> {
  const { ran, started, batches, outcomes } = await play(scene);
  const value = ran.status === 'SUCCEEDED' ? ran.output : { Error: ran.error, Cause: ran.cause };
  return { status: ran.status, value, started, batches: batches as number[], outcomes };
}

async function inLocalStack(program: string, classpath: string[]): Promise<Played[]> {
  const order = {
    jars: classpath,
    machines: { pipeline: definition('pipeline.asl.json'), stageJob: definition('stage-job.asl.json') },
    input: INPUT,
    scenes: Object.values(SCENES),
  };
  const said = execFileSync(program, [join(HERE, 'interpreter.py')], {
    input: JSON.stringify(order),
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(said.toString());
}

/**
 * What LocalStack 4.14 does not know: a ResultWriter beside JSONata, and JSON lines. Without the writer a Map answers with the
 * outcomes that would be written.
 */
function definition(file: Parameters<typeof readPipeline>[0]): string {
  const text = readPipeline(file).replace(/\$\{(\w+)\}/g, (_, name) => SUBSTITUTIONS[name]);
  return JSON.stringify(JSON.parse(text), (key, value) => {
    if (key === 'InputType' && value === 'JSONL') return 'JSON';
    return key === 'ResultWriter' ? undefined : value;
  });
}

/** Courses and branches run side by side: only the order within a course counts, and there the analyses have none. */
function comparable({ status, value, started, batches, outcomes }: Played): unknown {
  const byText = (all: unknown[]) => all.map((one) => JSON.stringify(one)).sort();
  return {
    status,
    value: told(value),
    started: [...started].sort(),
    batches: byText(batches),
    outcomes: byText(outcomes),
  };
}

/** Of a nested execution that failed each engine tells more than its error and cause. */
function told(value: unknown): unknown {
  const { Cause } = (value ?? {}) as { Cause?: string };
  if (!Cause?.startsWith('{')) return value;
  const nested = JSON.parse(Cause) as { Error?: string; Cause?: string };
  return { Error: nested.Error, Cause: nested.Cause };
}

/** @throws Error when a file is not the one that LocalStack takes */
async function downloaded(): Promise<string[]> {
  mkdirSync(FOLDER, { recursive: true });
  return Promise.all(
    JARS.map(async ([path, sha256]) => {
      const file = join(FOLDER, basename(path));
      if (existsSync(file) && digestOf(readFileSync(file)) === sha256) return file;
      const answer = await fetch(`https://repo1.maven.org/maven2/${path}`);
      if (!answer.ok) throw new Error(`Maven Central answers ${answer.status} to ${path}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (digestOf(bytes) !== sha256) throw new Error(`${path} is not the file that LocalStack 4.14 takes`);
      writeFileSync(`${file}.part`, bytes);
      renameSync(`${file}.part`, file);
      return file;
    }),
  );
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
