import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** The edition with Batch and Step Functions; its token comes from the environment alone. */
const IMAGE = 'localstack/localstack-pro:4.14';
const CONTAINER = 'rtpipeline-localstack';
const TOKEN = 'LOCALSTACK_AUTH_TOKEN';
const READY_SECONDS = 120;

/** Why LocalStack cannot start here; undefined when it can. */
export function localStackMissing(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (!environment[TOKEN]) return `LocalStack needs a token: set ${TOKEN}. Without one use npm run emulator:up`;
  try {
    execFileSync('docker', ['version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'LocalStack needs Docker, and `docker version` does not answer: start Docker';
  }
}

/** The command that starts LocalStack on the loopback interface. Docker passes the token on by its name. */
export function startCommand(port: number): string[] {
  return [
    ...['run', '--detach', '--rm', '--name', CONTAINER],
    ...['--publish', `127.0.0.1:${port}:4566`],
    ...['--env', TOKEN],
    // Batch jobs are containers beside LocalStack's own.
    ...['--volume', '/var/run/docker.sock:/var/run/docker.sock'],
    IMAGE,
  ];
}

/** Starts LocalStack and waits until it answers. @throws Error when Docker refuses or the time is up */
export async function startLocalStack(port: number): Promise<void> {
  execFileSync('docker', startCommand(port), { stdio: 'inherit' });
  for (let second = 0; second < READY_SECONDS; second++) {
    const answer = await fetch(`http://127.0.0.1:${port}/_localstack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(1000);
  }
  throw new Error(`LocalStack does not answer after ${READY_SECONDS} s: see docker logs ${CONTAINER}`);
}

export function stopLocalStack(): void {
  execFileSync('docker', ['stop', CONTAINER], { stdio: 'inherit' });
}
