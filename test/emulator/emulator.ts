import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { emulatorEnvironment } from '../../infra/local/environment.ts';
import { pythonWith } from './python.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = fileURLToPath(new URL('./ministack', import.meta.url));
const REQUIREMENTS = join(PACKAGE, 'requirements.txt');
/** What is installed and said by emulators: thrown away without harm. */
export const EMULATOR_FOLDER = join(ROOT, '.cache', 'emulator');
const READY_SECONDS = 60;

export interface EmulatorOptions {
  /** It outlives this process. */
  detached?: boolean;
  /** File of faults on purpose, see ministack/faults.py. */
  faults?: string;
  /** File that SIGUSR1 writes all into that the emulator holds, see ministack/stored.py. */
  stored?: string;
  /** Pauses of state machines take this many times less. */
  hurry?: number;
}

export interface Emulator {
  process: ChildProcess;
  logFile: string;
}

/** Why the emulator cannot run here, undefined when it can: installs it for that. */
export function emulatorMissing(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 10)'], {
      stdio: 'pipe',
    });
    installed();
    return undefined;
  } catch (error) {
    const [cause] = String(error).split('\n');
    return `the emulator needs Python 3.10 or newer with venv, and packages from PyPI: ${cause}`;
  }
}

/** Starts the emulator on the loopback interface alone and waits until it answers. */
export async function startEmulator(port: number, options: EmulatorOptions = {}): Promise<Emulator> {
  const python = installed();
  const logFile = join(EMULATOR_FOLDER, `emulator-${port}.log`);
  const log = openSync(logFile, 'w');
  const child = spawn(python, [PACKAGE], {
    cwd: ROOT,
    detached: options.detached ?? false,
    stdio: [options.detached ? 'ignore' : 'pipe', log, log],
    env: {
      ...process.env,
      ...emulatorEnvironment(port),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      ...(!options.detached && { RTPIPELINE_ENDS_WITH_PARENT: 'yes' }),
      RTPIPELINE_NODE: process.execPath,
      ...(options.hurry !== undefined && { RTPIPELINE_HURRY: String(options.hurry) }),
      ...(options.faults !== undefined && { RTPIPELINE_FAULTS: options.faults }),
      ...(options.stored !== undefined && { RTPIPELINE_STORED: options.stored }),
    },
  });
  for (let second = 0; second < READY_SECONDS * 2; second++) {
    await wait(500);
    if (child.exitCode !== null) throw new Error(`the emulator ended: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
    if (await isReady(port)) return { process: child, logFile };
  }
  child.kill();
  throw new Error(`the emulator did not answer in ${READY_SECONDS} s, see ${logFile}`);
}

export async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/_localstack/health`).catch(() => undefined);
  return answer?.ok ?? false;
}

function installed(): string {
  return pythonWith(join(EMULATOR_FOLDER, 'python'), [REQUIREMENTS]);
}
