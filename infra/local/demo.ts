import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { demoCohort } from '#lib/phantom/demo/cohort.ts';
import { emulatorEnvironment } from './environment.ts';

/** Makes the sample cohort, uploads it and follows its run to the tables, as a person does on AWS. */
export async function demo(port: number, root: string): Promise<void> {
  Object.assign(process.env, emulatorEnvironment(port));
  const rtpipeline = (...args: string[]) =>
    execFileSync(process.execPath, [join(root, 'cli/main.ts'), ...args], { cwd: root, stdio: 'inherit' });
  const { upload, results } = await places();
  const cohort = join(root, 'demo', 'input');
  if (!existsSync(cohort)) writeCohort(cohort);
  const name = `demo-${Date.now().toString(36)}`;
  const config = join(root, 'cli/demo/config.yaml');
  const record = join(root, 'demo', `${name}.upload.jsonl`);
  rtpipeline('publish-models', '--models', join(root, 'models'), '--to', results);
  rtpipeline('upload', cohort, '--to', upload, '--name', name, '--config', config, '--record', record);
  rtpipeline('watch', `${results}/runs/${name}`);
  rtpipeline('results', `${results}/runs/${name}`, '--out', join(root, 'demo', name));
}

async function places(): Promise<{ upload: string; results: string }> {
  const command = new DescribeStacksCommand({ StackName: 'rtpipeline-pipeline' });
  const { Stacks = [] } = await new CloudFormationClient().send(command);
  const output = (key: string) => Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  return { upload: output('UploadTo'), results: output('ResultsIn') };
}

/** Appears whole or not at all. */
function writeCohort(folder: string): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (const { path, bytes } of demoCohort()) {
    mkdirSync(dirname(join(partial, path)), { recursive: true });
    writeFileSync(join(partial, path), bytes);
  }
  renameSync(partial, folder);
}
