/**
 * Our DVHs of a structure set and a dose in a process of their own, on one thread, and its CPU times as JSON on stdout:
 * `node bench/dvh-process.ts rs.dcm rd.dcm`. The first time counts for the process; the best of three more is the warm one.
 */

import { readFileSync } from 'node:fs';
import { timeOurs } from './dvh-ours.ts';

const [structures, dose] = process.argv.slice(2).map((file) => readFileSync(file));
const { result, readS, dvhS } = await timeOurs(structures, dose);
const { user, system } = process.cpuUsage();
const warm: number[] = [];
for (let n = 0; n < 3; n++) warm.push((await timeOurs(structures, dose)).dvhS);
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({
    rois: result.rows.length,
    read_s: readS,
    dvh_s: dvhS,
    warm_s: Math.min(...warm),
    process_s: (user + system) / 1e6,
    peak_mib: maxRSS / 1024,
  }),
);
