import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ACCOUNT, emulatorEnvironment, REGION } from './environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `cdk bootstrap` and `cdk deploy` as on AWS, against an endpoint. `settings` as in infra/config.ts. */
export function deploy(port: number, settings: Record<string, string> = {}): void {
  for (const args of cdkCommands(settings)) cdk(port, args);
}

/** The commands of `cdk` that bring a deployment up. */
export function cdkCommands(settings: Record<string, string>): string[][] {
  return [['bootstrap', `aws://${ACCOUNT}/${REGION}`], deployCommand(settings)];
}

/** `cdk deploy` over a deployment that is there. */
export function update(port: number, settings: Record<string, string>): void {
  cdk(port, deployCommand(settings));
}

function deployCommand(settings: Record<string, string>): string[] {
  return ['deploy', '--all', '--require-approval', 'never', '--progress', 'events', ...contextOf(settings)];
}

export function destroy(port: number, settings: Record<string, string> = {}): void {
  cdk(port, ['destroy', '--all', '--force', ...contextOf(settings)]);
}

function contextOf(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `rtpipeline.${name}=${value}`]);
}

function cdk(port: number, args: string[]): void {
  execFileSync('cdk', args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...emulatorEnvironment(port) },
  });
}
