/**
 * Our DVHs beside those of dicompyler-core and pydcm, on the same files in one run: `npm run peers:dvh`. Speed on a course
 * of 40 ROIs by CPU time on one core: the best of three processes of each program, and for the accuracy the files of
 * Nelms et al. 2015.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import { courseFiles } from '../dvh-course.ts';
import { type Errors, errorTable, ourErrors, peerErrors } from './dvh-errors.ts';
import { DICOMPYLER, type DvhPeer, type PeerOutput, PYDCM, runPeer } from './dvh-peers.ts';
import { nelmsCases } from './nelms-set.ts';

const PROMISED_RATIO = 20;
const PROCESSES = 3;

/** CPU times of one process, s. */
interface Times {
  dvhS: number;
  processS: number;
}

const folder = mkdtempSync(join(tmpdir(), 'peers-course-'));
const peers: DvhPeer[] = [];
try {
  const [structures, dose] = ['rs.dcm', 'rd.dcm'].map((name) => join(folder, name));
  const files = courseFiles();
  writeFileSync(structures, files.structureSet);
  writeFileSync(dose, files.dose);
  const ours = await bestOf(() => ourProcess(structures, dose));
  console.log('40 ROIs, seconds of CPU time, the best of three processes of each: all DVHs, and the whole process\n');
  console.log(`  rtpipeline, all metrics at two resolutions: ${ours.dvhS.toFixed(2)}, ${ours.processS.toFixed(2)}`);
  for (const peer of [DICOMPYLER, PYDCM])
    await loudly(peer.name, async () => {
      const theirs = await bestOf(async () => timesOf(await runPeer(peer, [{ structures, dose }])));
      const ratios = [theirs.dvhS / ours.dvhS, theirs.processS / ours.processS];
      console.log(
        `  ${peer.name}, its defaults: ${theirs.dvhS.toFixed(2)}, ${theirs.processS.toFixed(2)}: ${ratios.map((ratio) => ratio.toFixed(1)).join(' and ')} times as long`,
      );
      peers.push(peer);
      if (peer === DICOMPYLER && ratios[0] < PROMISED_RATIO) {
        console.error(`\n!!! LESS THAN ${PROMISED_RATIO} TIMES AS FAST\n`);
        process.exitCode = 1;
      }
    });
  await compareAccuracy();
} finally {
  rmSync(folder, { recursive: true });
}

async function loudly(name: string, compare: () => Promise<void>): Promise<void> {
  try {
    await compare();
  } catch (error) {
    console.error(`\n!!! ${name} DID NOT RUN: ${describeError(error)}\n`);
    process.exitCode = 1;
  }
}

async function bestOf(run: () => Promise<Times>): Promise<Times> {
  const times: Times[] = [];
  for (let n = 0; n < PROCESSES; n++) times.push(await run());
  return {
    dvhS: Math.min(...times.map(({ dvhS }) => dvhS)),
    processS: Math.min(...times.map(({ processS }) => processS)),
  };
}

async function ourProcess(structures: string, dose: string): Promise<Times> {
  const script = fileURLToPath(new URL('../dvh-process.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, [script, structures, dose]);
  const { dvh_s, process_s } = JSON.parse(stdout);
  return { dvhS: dvh_s, processS: process_s };
}

function timesOf({ jobs: [course], process_s }: PeerOutput): Times {
  const failed = course.rois.filter(({ values }) => 'error' in values);
  if (failed.length > 0) console.error(`!!! ${failed.length} ROIs failed`);
  return { dvhS: course.rois.reduce((sum, roi) => sum + roi.seconds, 0), processS: process_s };
}

async function compareAccuracy(): Promise<void> {
  const cases = nelmsCases();
  if (cases.length === 0) {
    console.log('!!! NO ACCURACY: the files of Nelms 2015 are absent: npm run test:data');
    return;
  }
  const programs: { name: string; errors: Errors }[] = [{ name: 'rtpipeline', errors: await ourErrors(cases) }];
  for (const peer of peers) {
    const { jobs } = await runPeer(peer, cases);
    const rois = jobs.map((job) => job.rois);
    programs.push({ name: peer.name, errors: peerErrors(cases, rois) });
  }
  console.log(`\n${errorTable(programs).join('\n')}`);
}
