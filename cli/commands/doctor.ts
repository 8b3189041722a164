import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { awsChecks } from '../doctor/aws.ts';
import { type Check, describeChecks } from '../doctor/check.ts';
import { machineChecks } from '../doctor/machine-checks.ts';
import { type Proposal, proposeConfig } from '../doctor/propose.ts';
import { readStorage } from '../doctor/storage.ts';
import { machineFacts } from '../machine-facts.ts';

interface DoctorOptions extends ConfigFlags {
  out: string;
  aws?: string | true;
  json: boolean;
}

/** Something that the product cannot do without. */
const BAD = 2;

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .option('--out <dir>', 'output folder to check', '.')
    .option('--aws [deployment]', 'check an AWS account and a deployment instead of this machine')
    .option('--json', 'print JSON', false);
  addConfigFlags(command).action(async (options: DoctorOptions) => {
    if (options.aws) return tell(await awsChecks(options.aws === true ? undefined : options.aws), options.json);
    const { config } = await configFrom(options);
    const machine = await machineFacts(config);
    const storage = await readStorage(nearest(resolve(options.out)));
    const checks = await machineChecks(machine, config, storage);
    const proposals = proposeConfig(machine, storage);
    if (options.json) console.log(JSON.stringify({ machine, storage, checks, proposals }, null, 2));
    else console.log(`${describeChecks(checks)}\n\nA configuration for this machine:\n\n${toYaml(proposals)}`);
    if (checks.some(({ verdict }) => verdict === 'bad')) process.exitCode = BAD;
  });
}

function tell(checks: Check[], asJson: boolean): void {
  console.log(asJson ? JSON.stringify({ checks }, null, 2) : describeChecks(checks));
  if (checks.some(({ verdict }) => verdict === 'bad')) process.exitCode = BAD;
}

/** The folder, or the nearest above it that is there already. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

/** As a configuration file, the reasons as comments. */
export function toYaml(proposals: Proposal[]): string {
  const sections = Map.groupBy(proposals, ({ key }) => key.split('.').slice(0, -1).join('.'));
  return [...sections]
    .flatMap(([section, ones]) => [
      ...(section === '' ? [] : [`${section}:`]),
      ...ones.map(({ key, value, why }) => {
        const indent = section === '' ? '' : '  ';
        return `${indent}${key.split('.').at(-1)}: ${value}  # ${why}`;
      }),
    ])
    .join('\n');
}
