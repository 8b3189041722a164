import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { buildSpec } from '../../../infra/constructs/image-build.ts';
import { builtApp, statementsOf, templatesOf } from '../../fixtures/cloud-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'image-build-'));
after(() => rmSync(folder, { recursive: true }));

/** Programs that write down how they are called. `aws ecr describe-images` finds the image of analysis alone. */
function program(name: string, script: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/bash\necho "${name} $*" >> ${folder}/calls\n${script}\n`);
  chmodSync(file, 0o755);
}

function run(commands: string[]): string[] {
  for (const command of commands)
    execFileSync('bash', ['-c', command], {
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        REGISTRY: '1.dkr.ecr.eu-west-1.amazonaws.com',
        WEIGHTS: 'total body',
      },
    });
  return readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
}

test('a build pushes the image that is not there, from its file, with the weights of the settings', () => {
  program('aws', 'case "$*" in *second/segmentation*) exit 254;; esac; echo secret');
  program('docker', '');
  const { phases } = JSON.parse(buildSpec('second', '1.2.3'));
  const calls = run([...phases.pre_build.commands, ...phases.build.commands]).filter((call) =>
    call.startsWith('docker'),
  );
  const name = '1.dkr.ecr.eu-west-1.amazonaws.com/second/segmentation:1.2.3';
  assert.deepEqual(calls, [
    'docker login --username AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com',
    `docker build --build-arg WEIGHTS=total body --platform linux/amd64 --file containers/segmentation/Dockerfile --tag ${name} .`,
    `docker push ${name}`,
  ]);
});

test('the project is there when it is asked for, with rights on its source, its logs and the two repositories alone', () => {
  const built = builtApp({ build: true });
  const { pipeline } = templatesOf(built);
  pipeline.hasResourceProperties('AWS::CodeBuild::Project', {
    Name: 'rtpipeline-images',
    Environment: Match.objectLike({ PrivilegedMode: true }),
    LogsConfig: { CloudWatchLogs: Match.objectLike({ Status: 'ENABLED' }) },
  });
  pipeline.hasOutput('BuildImages', { Value: 'aws codebuild start-build --project-name rtpipeline-images' });
  const statements = statementsOf(pipeline, 'ImageBuildRole');
  const wide = statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action);
  assert.deepEqual(wide, ['ecr:GetAuthorizationToken']);
  const services = new Set(statements.flatMap(({ Action }) => [Action].flat().map((action) => action.split(':')[0])));
  assert.deepEqual([...services].sort(), ['ecr', 'logs', 's3']);

  const files = readdirSync(join(built.app.outdir, 'image-source'));
  const copied = readFileSync('containers/segmentation/Dockerfile', 'utf8').matchAll(/^COPY (?!--from)(.+) \S+$/gm);
  for (const [, names] of copied)
    for (const name of names.split(' ')) assert.ok(files.includes(name.split('/')[0]), name);
});
