import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput, TimedOut } from '#lib/errors.ts';
import { withTimeLimit } from '#lib/pool/time-limit.ts';
import { PRIVATE_ROOT } from '#lib/store/keys.ts';
import { newPartialName } from '#lib/store/partial.ts';

/** A folder on a drive that is gone, or in /proc, gives no answer for ever. */
const ANSWER_SECONDS = 30;

/**
 * Makes the folder of a run and writes into it, before anything is computed. What the run keeps of the input names patients,
 * whatever the tables do: only its owner may look into `run` and `private`, also where an earlier run left them open.
 * @throws BadInput when it gives no answer, the error of the system when it cannot be written
 */
export async function prepareOutput(out: string, seconds = ANSWER_SECONDS, make = makeFolders): Promise<void> {
  try {
    await withTimeLimit(make(out), seconds, out);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    throw new BadInput(
      `the output folder does not answer within ${seconds} s. Check the storage, or choose another folder`,
      { where: out },
    );
  }
}

async function makeFolders(out: string): Promise<void> {
  const run = join(out, 'run');
  await mkdir(out, { recursive: true });
  for (const folder of [run, join(out, PRIVATE_ROOT)]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700).catch(unlessItHasNoModes);
  }
  const probe = join(run, newPartialName());
  await writeFile(probe, 'test of free space and write permission\n').finally(() => rm(probe, { force: true }));
}

/** FAT, and shares of networks that keep rights in their own way. */
function unlessItHasNoModes(error: NodeJS.ErrnoException): void {
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(error.code ?? '')) throw error;
}
