import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOCALSTACK_COMMANDS, localStackMissing, stepsOf } from '../../../infra/local/localstack.ts';

const MAIN = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url));

test('without a token the message names the command that needs none', () => {
  assert.match(localStackMissing({}) ?? '', /LOCALSTACK_AUTH_TOKEN.*emulator:up/);
});

test('without a token a command checks the settings, prints its steps and runs nothing', () => {
  const { LOCALSTACK_AUTH_TOKEN: _, ...env } = process.env;
  let said = '';
  try {
    execFileSync(process.execPath, [MAIN, 'deploy'], { env: { ...env, LOCALSTACK_PORT: '4999' }, stdio: 'pipe' });
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: Buffer };
    assert.equal(status, 2);
    said = stdout.toString();
  }
  assert.match(said, /settings are valid: network public/);
  const steps = said.split('\n').filter((line) => line.startsWith('  '));
  assert.deepEqual(
    steps,
    stepsOf('deploy', 4999).map((step) => `  ${step.join(' ')}`),
  );
});

test('only the command up starts a listener, and deploy and demo check the container, not an open port', () => {
  for (const command of LOCALSTACK_COMMANDS) {
    const steps = stepsOf(command, 4999);
    assert.equal(
      steps.some(([program, verb]) => program === 'docker' && verb === 'run'),
      command === 'up',
      command,
    );
    if (command === 'deploy' || command === 'demo') assert.deepEqual(steps[0].slice(0, 2), ['docker', 'inspect']);
  }
  const [start] = stepsOf('up', 4999);
  assert.ok(start.includes('127.0.0.1:4999:4566'), 'on the loopback interface alone');
  assert.ok(!start.join(' ').includes('LOCALSTACK_AUTH_TOKEN='), 'the token is in no list of processes');
});

test('with a token and Docker the commands run their steps, and jobs are told where LocalStack is', () => {
  const programs = mkdtempSync(join(tmpdir(), 'rtpipeline-programs-'));
  try {
    // Programs that only write down how they are called.
    for (const name of ['docker', 'cdk']) {
      writeFileSync(join(programs, name), `#!/bin/sh\necho "${name} $*" >> "${join(programs, 'calls')}"\n`);
      chmodSync(join(programs, name), 0o755);
    }
    const env = {
      ...process.env,
      LOCALSTACK_AUTH_TOKEN: 'a token',
      LOCALSTACK_PORT: '4999',
      PATH: `${programs}${delimiter}${process.env.PATH}`,
    };
    for (const command of ['deploy', 'down']) execFileSync(process.execPath, [MAIN, command], { env, stdio: 'pipe' });
    const calls = readFileSync(join(programs, 'calls'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      calls.filter((call) => call !== 'docker version'),
      [...stepsOf('deploy', 4999), ...stepsOf('down', 4999)].map((step) => step.join(' ')),
    );
  } finally {
    rmSync(programs, { recursive: true });
  }
  const [start] = stepsOf('up', 4999);
  assert.ok(start.some((word) => /^BATCH_DOCKER_FLAGS=-e AWS_ENDPOINT_URL=http:\/\/\S+:4566 /.test(word)));
});
