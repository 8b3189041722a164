import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Command, Option } from 'commander';
import { COMMANDS } from '../../cli/commands.ts';
import { programFor } from '../../cli/program.ts';

test('--help loads no command code', () => {
  const seen = new Set<string>();
  const packages = packagesOf('cli/main.ts', seen);
  assert.deepEqual([...packages], ['commander']);
  assert.ok(seen.size < 15, `${[...seen].join(' ')}: everything that each start reads`);
});

for (const { name, description } of COMMANDS)
  test(`${name} is registered with its own options or arguments`, async () => {
    const program = await programFor([name, '--help']);
    const command = program.commands.find((one) => one.name() === name);
    assert.equal(command?.description(), description);
    const isLoaded = (one?: Command) => optionsOf(one).length > 0 || (one?.registeredArguments.length ?? 0) > 0;
    assert.ok(isLoaded(command));
    assert.equal(program.commands.filter(isLoaded).length, 1, 'the others are names alone');
  });

/** Of a command and of those below it, such as `models add`. */
function optionsOf(command?: Command): Option[] {
  return command ? [...command.options, ...command.commands.flatMap(optionsOf)] : [];
}

test('help for a command loads that command', async () => {
  const program = await programFor(['help', 'dvh']);
  assert.ok((program.commands.find((one) => one.name() === 'dvh')?.options.length ?? 0) > 0);
});

const MISTYPED = [
  ['run', 'in', '--otu', 'out'],
  ['run', 'in', '--out', 'out', '--profil', 'nfs'],
  ['dvh', '--dsoe', 'rd.dcm'],
  ['run', 'in', '--otu=out'],
  ['models', 'add', 'folder', '--nmae', 'm'],
];
for (const args of MISTYPED)
  test(`${args.join(' ')}: the mistyped flag is reported with the nearest one`, async (t) => {
    t.mock.method(process.stderr, 'write', () => true);
    await assert.rejects(programFor(args), {
      code: 'commander.unknownOption',
      message: /Did you mean --(out|profile|dose|name)\?/,
    });
  });

test('values that start with a dash, and words after two dashes, are not read as flags', async () => {
  await programFor(['run', 'in', '--out', 'out', '--set', 'ct_cropping.inferior_margin_cm=-1']);
  await programFor(['radiomics', '--label', '-1', '--help']);
  await programFor(['status', '--', '-out']);
});

/** Packages that a file imports, itself or through files of this repository, before anything is called. */
function packagesOf(file: string, seen: Set<string>): Set<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const names = staticImports(file).filter((name) => !name.startsWith('node:'));
  const own = names.filter((name) => /^[.#]/.test(name));
  const paths = own.map((name) => (name.startsWith('#') ? name.slice(1) : join(dirname(file), name)));
  const below = paths.filter((path) => path.endsWith('.ts')).map((path) => packagesOf(path, seen));
  return new Set([...names.filter((name) => !own.includes(name)), ...below.flatMap((set) => [...set])]);
}

function staticImports(file: string): string[] {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s(?!type\b)[^'";]*?from\s*'([^']+)'/gm)].map(([, name]) => name);
}
