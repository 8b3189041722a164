import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { COMPILE_CACHE } from '../../statemachine/local/compile-cache.ts';
import { groupFiles, groupsOf } from './groups.ts';
import { type Kind, selectFiles } from './select-files.ts';
import { skippedTruths } from './skipped-truths.ts';

/** `npm test -- [words] [--kind unit|e2e|proof] [--watch] [--coverage]`: see CONTRIBUTING.md. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: 'string' },
    watch: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
  },
});

// A process for each file compiles the same modules again; a cached module counts its lines less exactly.
if (!values.coverage) process.env.NODE_COMPILE_CACHE = COMPILE_CACHE;
const chosen = chosenFiles();
// What tests leave behind goes with the run: it filled the disk of machines that run them often.
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-tests-'));
// Some of them run programs as another user.
chmodSync(folder, 0o755);
process.env.TMPDIR = folder;
// A watched file is run alone when it changes.
const files = groupFiles(values.watch ? chosen.map((file) => [file]) : groupsOf(chosen), folder);
const tests = run({
  files,
  // A file at a time on every core: node --test leaves one idle, which is half of a small machine.
  concurrency: availableParallelism(),
  watch: values.watch,
  coverage: values.coverage,
  coverageIncludeGlobs: ['lib/**', 'statemachine/**', 'functions/**', 'containers/**', 'cli/**', 'infra/**'],
});
const skipped: { name: string; reason: string }[] = [];
tests.on('test:pass', ({ name, skip }) => {
  if (typeof skip === 'string') skipped.push({ name, reason: skip });
});
tests.on('test:fail', () => {
  process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);
tests.on('close', () => {
  rmSync(folder, { recursive: true, force: true });
  console.log(skippedTruths(skipped));
});

function chosenFiles(): string[] {
  try {
    return selectFiles(globSync('test/**/*.test.ts'), positionals, values.kind as Kind | undefined);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}
