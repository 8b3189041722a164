import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../.cache/emulator', import.meta.url));

/** How AWS's tools and clients reach the emulator: no account and no real credentials. */
export function emulatorEnvironment(port: number): Record<string, string> {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    // CDK remembers the account of a key: a key of its own keeps that apart from other emulators.
    AWS_ACCESS_KEY_ID: 'rtpipeline-emulator',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: emulatorToken(),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    CDK_DISABLE_VERSION_CHECK: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * What every request to the emulator carries. Only the user who started the emulator can read it: other users of the machine
 * reach the port, but get no answer. Made on first use.
 */
function emulatorToken(): string {
  const file = join(FOLDER, 'token');
  mkdirSync(FOLDER, { recursive: true });
  try {
    writeFileSync(file, randomBytes(16).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
