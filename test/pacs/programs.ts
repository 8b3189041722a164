import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { execa } from 'execa';

export const DICOMWEB_PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const PACKAGES = ['orthanc', 'orthanc-dicomweb', 'dcmtk'];

/** Why the archive and the senders that tests need are not here, said loudly too; installs them first where it may. */
export function programsMissing(): string | undefined {
  if (!areHere() && process.getuid?.() === 0) install();
  if (areHere()) return undefined;
  const missing = `no ${PACKAGES.join(', ')}: apt-get install ${PACKAGES.join(' ')}`;
  console.error(`\n${'!'.repeat(80)}\nNOT TESTED: THE ARCHIVE AND THE SENDERS: ${missing}\n${'!'.repeat(80)}\n`);
  return missing;
}

function areHere(): boolean {
  return (
    existsSync(DICOMWEB_PLUGIN) && ['/usr/sbin/Orthanc', '/usr/bin/storescu', '/usr/bin/dcmsend'].every(existsSync)
  );
}

/** The packages start no server: the tests start their own. */
function install(): void {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES],
  ])
    try {
      execFileSync('apt-get', words, { env: environment, stdio: 'ignore', timeout: 300_000 });
    } catch {
      return;
    }
}

const LONGEST_MS = 120_000;

/**
 * A program to its end: its exit code and all that it said. DCMTK's senders run without Nagle's algorithm, with which the
 * kernel holds each instance back for some 50 ms.
 */
export async function called(program: string, ...words: string[]): Promise<{ exitCode: number; output: string }> {
  const options = { reject: false, all: true, timeout: LONGEST_MS, env: { TCP_NODELAY: '1' } };
  const { exitCode = 1, all = '', timedOut } = await execa(program, words, options);
  return { exitCode, output: timedOut ? `${all}\nended after ${LONGEST_MS / 1000} s` : all };
}
