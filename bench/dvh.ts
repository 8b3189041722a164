/** Times the DVHs of a whole course on one thread: `node bench/dvh.ts`. */

import { courseFiles } from './dvh-course.ts';
import { timeOurs } from './dvh-ours.ts';

const REPEATS = 3;

const { structureSet, dose } = courseFiles();
const runs: { readS: number; dvhS: number; bodyS: number }[] = [];
for (let n = 0; n < REPEATS; n++) {
  const { result, readS, dvhS, bodyS } = await timeOurs(structureSet, dose);
  runs.push({ readS, dvhS, bodyS });
  const ok = result.rows.filter((row) => row.status === 'ok').length;
  console.log(
    `${result.rows.length} ROIs, ${ok} ok: read ${readS.toFixed(2)} s, DVHs ${dvhS.toFixed(2)} s, the body alone ${bodyS.toFixed(2)} s`,
  );
}
const best = Math.min(...runs.map((run) => run.dvhS));
const memoryMiB = process.resourceUsage().maxRSS / 1024;
console.log(`best ${best.toFixed(2)} s of CPU time, peak memory ${memoryMiB.toFixed(0)} MiB`);
