import { ExitCode, PipelineError } from '#lib/errors.ts';
import { ownKeys } from '#lib/own-keys.ts';

/** What a person reads when a command ends with an error, and the code that it ends with. */
export interface Explained {
  /** One line; absent where commander has said it already. */
  line?: string;
  exitCode: number;
}

/** The command, the input or the machine is at fault, and the person can mend it. */
export const MENDABLE = 2;
/** A defect of the product. */
export const DEFECT = 1;

/** One clear line for what a person can mend; undefined for a defect of the product, whose whole story is needed. */
export function explain(error: unknown): Explained | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  if (code.startsWith('commander.')) return { exitCode: HELP.includes(code) ? 0 : MENDABLE };
  if (error instanceof PipelineError && error.exitCode === ExitCode.badInput)
    return { line: error.message, exitCode: MENDABLE };
  const aws = AWS.find(([pattern]) => pattern.test(`${error.name} ${error.message}`));
  if (aws) return { line: aws[1], exitCode: MENDABLE };
  const system = SYSTEM[code];
  if (system) return { line: systemLine(error, system), exitCode: MENDABLE };
  return error.cause === undefined ? undefined : explain(error.cause);
}

const HELP = ['commander.help', 'commander.helpDisplayed', 'commander.version'];

/** What errors of the operating system mean, and what to do. */
const SYSTEM: Record<string, string> = ownKeys({
  ENOSPC: 'the disk is full: free some space, then repeat the command',
  EDQUOT: 'your quota on this disk is used up: free some space, then repeat the command',
  EROFS: 'this file system is read-only: choose another folder',
  EACCES: 'no permission: change the access rights, or choose another folder',
  EPERM: 'not permitted here: change the access rights, or choose another folder',
  ENOENT: 'this file or folder does not exist',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  EEXIST: 'a file has the name of a folder that is needed',
  ENAMETOOLONG: 'this path is too long for the file system',
  ELOOP: 'symbolic links in this path form a circle',
  EMFILE: 'too many open files: raise the limit (ulimit -n), or lower --courses',
  ENFILE: 'this machine has too many open files: try again later',
  EIO: 'the disk or network reports an error: check it, then repeat the command',
  ESTALE: 'the network drive has lost this file: repeat the command',
  ETIMEDOUT: 'the network does not answer: repeat the command',
  ENOTFOUND: 'the network does not know this host: check the name and the connection',
  ECONNREFUSED: 'no service answers at this address: check host and port',
  EPIPE: 'the program that reads the output has ended',
});

/** Errors of the AWS SDK, by name or text. */
const AWS: [RegExp, string][] = [
  [/Region is missing/, 'no AWS region: set AWS_REGION, or choose a profile with AWS_PROFILE'],
  [
    /CredentialsProviderError|Could not load credentials/,
    'no AWS credentials: set AWS_PROFILE, or run `aws configure`',
  ],
  [/ExpiredToken|TokenRefreshRequired|ExpiredTokenException/, 'the AWS credentials have expired: sign in again'],
  [/NoSuchBucket/, 'this bucket does not exist in this region'],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform/,
    'AWS refuses access: your credentials lack a permission that this command needs',
  ],
];

/** The same for the message of such an error, as logs and records hold it: `ENOSPC: no space left on device, write`. */
export function systemWords(message: string): string | undefined {
  const [, code, path] = /\b(E[A-Z0-9]{2,}): [^']*(?:'([^']*)')?/.exec(message) ?? [];
  const what = SYSTEM[code];
  return what && path ? `${what} (${path})` : what;
}

function systemLine(error: Error, what: string): string {
  const { path, hostname } = error as NodeJS.ErrnoException & { hostname?: string };
  const where = path ?? hostname;
  return where === undefined ? what : `${what} (${where})`;
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
