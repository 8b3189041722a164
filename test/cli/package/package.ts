import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, sep } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import manifest from '../../../package.json' with { type: 'json' };

/**
 * The package as a person gets it, on the Node and npm of the system: `npm run test:package`. Its dependencies come from npm's
 * cache, and from the registry what is not there.
 */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-package-'));
const place = (name: string) => join(folder, name);
const archive = place(`rtpipeline-${manifest.version}.tgz`);
const rtpipeline = place('global/bin/rtpipeline');
/** npx keeps what it installed under the path that it was given: another one each time. */
const own = `./${basename(folder)}.tgz`;
const system = outsideOfNpm();
const FROM_CACHE = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

let missing: string | undefined;

before(() => {
  for (const name of ['global', 'empty', 'demo']) mkdirSync(place(name));
  run('npm', ['pack', '--pack-destination', folder], ROOT);
  const install = spawnSync(
    'npm',
    ['install', '--global', '--prefix', place('global'), archive, ...FROM_CACHE],
    options('empty'),
  );
  if (install.status === 0) return;
  missing = `npm could not install its dependencies: ${install.stderr.trim().split('\n')[0]}`;
  console.error(`\n${'!'.repeat(80)}\nTHE PACKAGE WAS NOT TESTED: ${missing}\n${'!'.repeat(80)}\n`);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
  const kept = join(execFileSync('npm', ['config', 'get', 'cache'], { env: system, encoding: 'utf8' }).trim(), '_npx');
  for (const name of existsSync(kept) ? readdirSync(kept) : []) {
    const installed = join(kept, name, 'package.json');
    if (existsSync(installed) && readFileSync(installed, 'utf8').includes(basename(folder)))
      rmSync(join(kept, name), { recursive: true, force: true });
  }
});

test('the package contains only code and documentation', () => {
  const files = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n');
  const tops = new Set(files.map((path) => path.split('/')[1]));
  assert.deepEqual([...tops].sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'docs', 'package.json']);
  assert.ok(
    files.every((path) => !path.endsWith('.ts')),
    'Node runs no TypeScript below node_modules',
  );
  assert.ok(!('private' in manifest), 'npm publishes nothing that is private');
});

test('the installed command prints its version and its commands', (t) => {
  if (missing) return t.skip(missing);
  assert.equal(run(rtpipeline, ['--version'], 'empty').trim(), manifest.version);
  assert.match(run(rtpipeline, ['--help'], 'empty'), /validate/);
  const node = run('node', ['--version'], 'empty').trim();
  console.log(`on Node ${node}`);
});

test('npx runs the whole demo in an empty folder', { timeout: 900_000 }, (t) => {
  if (missing) return t.skip(missing);
  copyFileSync(archive, place(`demo/${own}`));
  const said = run('npx', ['--yes', ...FROM_CACHE, own, 'demo'], 'demo');
  assert.match(said, /11 courses: 11 done, 0 failed/);
  const text = readFileSync(place('demo/demo/out/results/status.csv'));
  const stages: Record<string, string>[] = parse(text, { columns: true });
  const ended = new Set(stages.map((row) => `${row.stage} ${row.status}`));
  for (const stage of ['custom_models', 'structures', 'dvh', 'radiomics', 'qc'])
    assert.ok(ended.has(`${stage} ok`), stage);
});

test('paths are relative to the current folder', (t) => {
  if (missing) return t.skip(missing);
  const patient = readdirSync(place('demo/demo/input'))[0];
  const told = run(rtpipeline, ['validate', join('demo/input', patient)], 'demo');
  assert.match(told, /instances in \d+ courses/);
});

function run(command: string, args: string[], where: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, options(where));
  if (error) throw error;
  assert.equal(status, 0, `${command} ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

function options(where: string) {
  return { cwd: where === ROOT ? ROOT : place(where), env: system, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
}

/** As in a shell of its own: without the folders that npm puts before the path, and without the settings that it hands on. */
function outsideOfNpm(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_TEST_CONTEXT$/i.test(name));
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((one) => !one.includes(`${sep}node_modules${sep}`) && !one.endsWith('node-gyp-bin'));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), ONNXRUNTIME_NODE_INSTALL: 'skip' };
}
