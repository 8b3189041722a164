/**
 * Our DVHs beside those of dicompyler-core and pydcm, on the same files in one run: `npm run peers:dvh`. Speed on a course
 * of 40 ROIs by CPU time on one core: the best of three processes of each program, ours with the compile cache that jobs
 * have; for the accuracy the files of Nelms et al. 2015.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import { COMPILE_CACHE } from '../../statemachine/local/compile-cache.ts';
import { courseFiles } from '../dvh-course.ts';
import { type Errors, errorTable, ourErrors, peerErrors } from './dvh-errors.ts';
import { DICOMPYLER, type DvhPeer, type PeerOutput, PYDCM, runPeer } from './dvh-peers.ts';
import { nelmsCases } from './nelms-set.ts';

/** Of all DVHs beside dicompyler-core, warm and the first time in a process. */
const PROMISED = { warm: 20, first: 8 };
const PROCESSES = 3;

/** CPU times of one process, s. */
interface Times {
  dvhS: number;
  /** Once V8 has compiled; Python has no such time. */
  warmS: number;
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
  console.log(
    '40 ROIs, seconds of CPU time, the best of three processes of each: all DVHs, warm and the first time, and the whole process\n',
  );
  console.log(`  rtpipeline, all metrics at two resolutions: ${secondsOf(ours)}`);
  for (const peer of [DICOMPYLER, PYDCM])
    await loudly(peer.name, async () => {
      const theirs = await bestOf(async () => timesOf(await runPeer(peer, [{ structures, dose }])));
      const ratios = [theirs.warmS / ours.warmS, theirs.dvhS / ours.dvhS, theirs.processS / ours.processS];
      console.log(
        `  ${peer.name}, its defaults: ${secondsOf(theirs)}: ${ratios.map((ratio) => ratio.toFixed(1)).join(', ')} times as long`,
      );
      peers.push(peer);
      const [warm, first] = ratios;
      if (peer === DICOMPYLER && (warm < PROMISED.warm || first < PROMISED.first)) {
        console.error(
          `\n!!! LESS THAN ${PROMISED.warm} TIMES AS FAST WARM, OR THAN ${PROMISED.first} TIMES AT FIRST\n`,
        );
        process.exitCode = 1;
      }
    });
  await compareAccuracy();
} finally {
  rmSync(folder, { recursive: true });
}

function secondsOf({ warmS, dvhS, processS }: Times): string {
  return [warmS, dvhS, processS].map((seconds) => seconds.toFixed(2)).join(', ');
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
  const least = (part: keyof Times) => Math.min(...times.map((one) => one[part]));
  return { dvhS: least('dvhS'), warmS: least('warmS'), processS: least('processS') };
}

async function ourProcess(structures: string, dose: string): Promise<Times> {
  const script = fileURLToPath(new URL('../dvh-process.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, [script, structures, dose], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
  });
  const { dvh_s, warm_s, process_s } = JSON.parse(stdout);
  return { dvhS: dvh_s, warmS: warm_s, processS: process_s };
}

function timesOf({ jobs: [course], process_s }: PeerOutput): Times {
  const failed = course.rois.filter(({ values }) => 'error' in values);
  if (failed.length > 0) console.error(`!!! ${failed.length} ROIs failed`);
  const dvhS = course.rois.reduce((sum, roi) => sum + roi.seconds, 0);
  return { dvhS, warmS: dvhS, processS: process_s };
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
