import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { cdkCommands } from './deploy.ts';
import { emulatorEnvironment } from './environment.ts';

/** The edition with Batch and Step Functions; its token comes from the environment alone. */
const IMAGE = 'localstack/localstack-pro:4.14';
export const CONTAINER = 'rtpipeline-localstack';
const TOKEN = 'LOCALSTACK_AUTH_TOKEN';
/** Both kinds of jobs run in it: it holds every program but TotalSegmentator, and is built in minutes. */
const JOB_IMAGE = `rtpipeline-local/analysis:${manifest.version}`;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * How jobs reach LocalStack. Its documentation: "Accessing LocalStack via the endpoint URL", from a container LocalStack created;
 * "Configuration", Batch.
 */
const JOB_VARIABLES = [
  'AWS_ENDPOINT_URL=http://localhost.localstack.cloud:4566',
  'AWS_ACCESS_KEY_ID=rtpipeline-emulator',
  'AWS_SECRET_ACCESS_KEY=test',
];

/**
 * Jobs run on the public network of Docker, in the image that is built here; stacks and their data go with the container.
 * What `-c rtpipeline.<name>` takes.
 */
export const LOCALSTACK_SETTINGS = {
  retain: 'false',
  network: 'public',
  analysisImage: JOB_IMAGE,
  segmentationImage: JOB_IMAGE,
};

export const LOCALSTACK_COMMANDS = ['up', 'deploy', 'demo', 'down'] as const;
export type LocalStackCommand = (typeof LOCALSTACK_COMMANDS)[number];

/** Why LocalStack cannot start here; undefined when it can. */
export function localStackMissing(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (!environment[TOKEN]) return `LocalStack needs a token: set ${TOKEN}. Without one use npm run emulator:up`;
  try {
    execFileSync('docker', ['version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'LocalStack needs Docker, but `docker version` does not answer: start Docker';
  }
}

/** The programs that a command runs, one after another; `demo` goes on with the commands of the product. */
export function stepsOf(command: LocalStackCommand, port: number): string[][] {
  if (command === 'up') return [['docker', ...startArguments(port)]];
  if (command === 'down') return [['docker', 'stop', CONTAINER]];
  if (command === 'demo') return [assertRunning()];
  const dockerfile = ['--file', 'containers/analysis/Dockerfile'];
  return [
    assertRunning(),
    ['docker', 'build', '--platform', 'linux/amd64', ...dockerfile, '--tag', JOB_IMAGE, '.'],
    ...cdkCommands(LOCALSTACK_SETTINGS).map((args) => ['cdk', ...args]),
  ];
}

/** Runs the programs of a command. @throws Error of the first that fails */
export function runSteps(steps: string[][], port: number): void {
  for (const [program, ...args] of steps)
    execFileSync(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...emulatorEnvironment(port) },
    });
}

/** What answers on the port may be another emulator: only the container that `up` started counts. */
function assertRunning(): string[] {
  return ['docker', 'inspect', '--format', '{{.State.Status}}', CONTAINER];
}

/** On the loopback interface. Docker passes the token on by its name. */
function startArguments(port: number): string[] {
  return [
    ...['run', '--detach', '--rm', '--name', CONTAINER],
    ...['--publish', `127.0.0.1:${port}:4566`],
    ...['--env', TOKEN],
    // Functions are made for ARM, and are plain JavaScript: they run on what is there.
    ...['--env', 'LAMBDA_IGNORE_ARCHITECTURE=1'],
    // Jobs are containers beside LocalStack's own, which find it by this name, as functions are told by LocalStack itself.
    ...['--env', `BATCH_DOCKER_FLAGS=${JOB_VARIABLES.map((one) => `-e ${one}`).join(' ')}`],
    ...['--volume', '/var/run/docker.sock:/var/run/docker.sock'],
    IMAGE,
  ];
}
