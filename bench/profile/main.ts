import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WORK_DONE } from '#lib/pool/process-group.ts';
import { readProfiles, type Share, sharesOf } from './shares.ts';

/**
 * Where the time of a command goes, over all its processes and threads, by kinds of work and by the hottest functions:
 *   node bench/profile/main.ts run <folder> --out <folder>
 * Without a command: the demo. V8 samples each thread once a millisecond while it works; waiting does not count. On a machine
 * with other work the shares keep their meaning, the seconds do not.
 */
const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const HOOK = new URL('./keep-profiles.mjs', import.meta.url).href;
const HOTTEST = 15;
const LEAST_SHARE = 0.005;

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-profile-'));
try {
  const command = process.argv.length > 2 ? process.argv.slice(2) : ['demo', '--dir', join(folder, 'demo')];
  const profiles = mkdtempSync(join(folder, 'profiles-'));
  const { status } = spawnSync(process.execPath, [MAIN, ...command], {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles} --import=${HOOK}`,
      RTPIPELINE_PROFILES: profiles,
      RTPIPELINE_WORK_DONE: WORK_DONE,
    },
  });
  if (status !== 0 && status !== 3) throw new Error(`the command ended with ${status}`);
  const { byKind, byFunction, profiles: count, seconds } = sharesOf(readProfiles(profiles));
  console.log(`\n${seconds.toFixed(1)} s in ${count} profiles\n\n| kind | seconds | share |\n|---|---|---|`);
  for (const one of byKind.filter(({ share }) => share >= LEAST_SHARE)) console.log(lineOf(one));
  console.log('\n| function | seconds | share |\n|---|---|---|');
  for (const one of byFunction.slice(0, HOTTEST)) console.log(lineOf(one));
} finally {
  rmSync(folder, { recursive: true });
}

function lineOf({ name, seconds, share }: Share): string {
  return `| ${name} | ${seconds.toFixed(1)} | ${(100 * share).toFixed(1)} % |`;
}
