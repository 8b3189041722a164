/**
 * Our DVHs beside those of dicompyler-core, on the same files in one run: `npm run peers:dvh`. Speed on a course of 40
 * ROIs by processor time, accuracy on the files of Nelms et al. 2015.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import { courseFiles } from '../dvh-course.ts';
import { timeOurs } from '../dvh-ours.ts';
import { errorTable, ourErrors, type PeerRoi, peerErrors } from './dvh-errors.ts';
import { nelmsCases } from './nelms-set.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['dicompyler-core==0.5.6', 'pydicom<3', 'numpy<2', 'setuptools<80'];
const REPEATS = 3;

interface PeerOutput {
  versions: Record<string, string>;
  jobs: { read_s: number; rois: PeerRoi[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'peers-dvh-'));
try {
  const peer = await runPeer();
  await compareSpeed(peer);
  await compareAccuracy(peer);
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function runPeer(): Promise<PeerOutput> {
  const { structureSet, dose } = courseFiles();
  writeFileSync(join(folder, 'rs.dcm'), structureSet);
  writeFileSync(join(folder, 'rd.dcm'), dose);
  const jobs = [
    { structures: join(folder, 'rs.dcm'), dose: join(folder, 'rd.dcm'), rois: null },
    ...nelmsCases().map(({ structures, dose: file }) => ({ structures, dose: file, rois: null })),
  ];
  writeFileSync(join(folder, 'jobs.json'), JSON.stringify(jobs));
  const python = await pythonWith('dvh', PACKAGES);
  const script = new URL('./dvh.py', import.meta.url).pathname;
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { stdout } = await execa(python, [script, join(folder, 'jobs.json')], { env });
  return JSON.parse(stdout.slice(stdout.indexOf('{"versions"')));
}

async function compareSpeed({ versions, jobs }: PeerOutput): Promise<void> {
  const [structureSet, dose] = ['rs.dcm', 'rd.dcm'].map((name) => readFileSync(join(folder, name)));
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < REPEATS; n++) best = Math.min(best, (await timeOurs(structureSet, dose)).dvhS);
  const { rois } = jobs[0];
  const peerS = rois.reduce((sum, roi) => sum + roi.seconds, 0);
  const failed = rois.filter((roi) => 'error' in roi.values);
  const body = rois.find((roi) => roi.name === 'BODY');
  console.log(
    `dicompyler-core ${versions['dicompyler-core']} with its defaults, pydicom ${versions.pydicom}, one core each\n`,
  );
  console.log(`speed, ${rois.length} ROIs, seconds of processor time for all DVHs:`);
  console.log(`  dicompyler-core ${peerS.toFixed(2)} (BODY ${body?.seconds.toFixed(2)}), ${failed.length} ROIs failed`);
  console.log(`  rtpipeline      ${best.toFixed(2)} at two resolutions, with all metrics and thinned curves`);
  console.log(`  ratio           ${(peerS / best).toFixed(1)}`);
  console.log(`  peak memory of rtpipeline ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`);
}

async function compareAccuracy({ jobs }: PeerOutput): Promise<void> {
  const cases = nelmsCases();
  if (cases.length === 0) {
    console.log('!!! NO ACCURACY: ../shared/data/dvh-analytic is not beside the clone');
    return;
  }
  const peer = peerErrors(
    cases,
    jobs.slice(1).map((job) => job.rois),
  );
  console.log(errorTable(await ourErrors(cases), peer).join('\n'));
}
