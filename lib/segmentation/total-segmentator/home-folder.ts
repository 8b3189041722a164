import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BadConfig } from '../../errors.ts';
import type { TotalSegmentatorSettings } from './command-line.ts';
import { needsLicence } from './licences.ts';

/** Characters of a licence number, by which the program checks it without its vendor's server. */
const LICENCE_LENGTH = 18;

/**
 * A home folder for one run of TotalSegmentator, and the folder of the weights. The program writes into its home
 * folder, which may be read-only in an image and shared by parallel runs elsewhere. It sends usage statistics unless
 * its config.json forbids it. It asks its vendor's server about a licence number that config.json does not hold.
 * @param scratch folder of this run, removed at its end
 * @throws BadConfig when the licence number has the wrong length
 */
export async function homeFor(
  task: string,
  settings: TotalSegmentatorSettings,
  scratch: string,
): Promise<Record<string, string>> {
  const usual = process.env.TOTALSEG_HOME_DIR ?? join(homedir(), '.totalsegmentator');
  const own = await configOf(usual);
  const license = needsLicence(task) ? (settings.license ?? own.license_number) : undefined;
  checkLicence(task, settings);
  const home = join(scratch, 'totalsegmentator');
  await mkdir(home);
  const config = {
    ...{ totalseg_id: 'totalseg_none', prediction_counter: 0, statistics_disclaimer_shown: true },
    send_usage_stats: false,
    ...(license && { license_number: license }),
  };
  await writeFile(join(home, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return { TOTALSEG_HOME_DIR: home, TOTALSEG_WEIGHTS_PATH: weightsPath(settings, usual) };
}

/** Where the weights lie: as configured, as the program's own variable says, else in its usual home. */
export function weightsPath({ weights }: Pick<TotalSegmentatorSettings, 'weights'>, home: string): string {
  return weights ?? process.env.TOTALSEG_WEIGHTS_PATH ?? join(home, 'nnunet', 'results');
}

/** Where the weights lie for this user. */
export function weightsHome(settings: Pick<TotalSegmentatorSettings, 'weights'>): string {
  return weightsPath(settings, process.env.TOTALSEG_HOME_DIR ?? join(homedir(), '.totalsegmentator'));
}

/**
 * Links the files of the usual weights folder that another folder lacks into that folder, because the program reads
 * only one.
 */
export async function linkUsualWeights(folder: string): Promise<void> {
  const usual = weightsHome({ weights: null });
  for (const name of await readdir(usual).catch(() => []))
    await symlink(join(usual, name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
}

function checkLicence(task: string, { license }: TotalSegmentatorSettings): void {
  if (!license || !needsLicence(task) || license.length === LICENCE_LENGTH) return;
  throw new BadConfig(
    `segmentation.license has ${license.length} characters, but a licence number has ${LICENCE_LENGTH}: copy all of it`,
  );
}

async function configOf(home: string): Promise<{ license_number?: string }> {
  const text = await readFile(join(home, 'config.json'), 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
