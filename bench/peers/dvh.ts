/**
 * Our DVHs beside those of dicompyler-core, on the same files in one run: `npm run peers:dvh`. Speed on a course of 40
 * ROIs by CPU time, accuracy on the files of Nelms et al. 2015.
 */

import { describeError } from '../../lib/errors.ts';
import { courseFiles } from '../dvh-course.ts';
import { timeOurs } from '../dvh-ours.ts';
import { type PeerOutput, runPeer } from './dicompyler.ts';
import { errorTable, ourErrors, peerErrors } from './dvh-errors.ts';
import { nelmsCases } from './nelms-set.ts';

const PROMISED_RATIO = 20;

try {
  const peer = await runPeer();
  await compareSpeed(peer);
  await compareAccuracy(peer);
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
}

async function compareSpeed({ versions, course }: PeerOutput): Promise<void> {
  const { structureSet, dose } = courseFiles();
  const ours = await timeOurs(structureSet, dose);
  const { rois } = course;
  const peerS = rois.reduce((sum, roi) => sum + roi.seconds, 0);
  const failed = rois.filter((roi) => 'error' in roi.values);
  const body = rois.find((roi) => roi.name === 'BODY');
  console.log(
    `dicompyler-core ${versions['dicompyler-core']} with its defaults, pydicom ${versions.pydicom}, one core each\n`,
  );
  console.log(
    `speed, ${rois.length} ROIs, seconds of CPU time for all DVHs, one run each in a process that has done nothing before:`,
  );
  console.log(`  dicompyler-core ${peerS.toFixed(2)} (BODY ${body?.seconds.toFixed(2)}), ${failed.length} ROIs failed`);
  console.log(
    `  rtpipeline      ${ours.dvhS.toFixed(2)} (BODY ${ours.bodyS.toFixed(2)}) at two resolutions, with all metrics and thinned curves`,
  );
  console.log(`  ratio           ${(peerS / ours.dvhS).toFixed(1)}`);
  if (peerS / ours.dvhS < PROMISED_RATIO) {
    console.error(`\n!!! LESS THAN ${PROMISED_RATIO} TIMES AS FAST\n`);
    process.exitCode = 1;
  }
  console.log(`  peak memory of rtpipeline ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`);
}

async function compareAccuracy({ nelms }: PeerOutput): Promise<void> {
  const cases = nelmsCases();
  if (cases.length === 0) {
    console.log('!!! NO ACCURACY: the files of Nelms 2015 are absent: npm run test:data');
    return;
  }
  const peer = peerErrors(
    cases,
    nelms.map((job) => job.rois),
  );
  console.log(errorTable(await ourErrors(cases), peer).join('\n'));
}
