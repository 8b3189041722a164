/**
 * Our DVHs of a structure set and a dose in a process of their own, on one thread, and its CPU times as JSON on stdout:
 * `node bench/dvh-process.ts rs.dcm rd.dcm`.
 */

import { readFileSync } from 'node:fs';
import { timeOurs } from './dvh-ours.ts';

const [structures, dose] = process.argv.slice(2).map((file) => readFileSync(file));
const { result, readS, dvhS } = await timeOurs(structures, dose);
const { user, system } = process.cpuUsage();
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({
    rois: result.rows.length,
    read_s: readS,
    dvh_s: dvhS,
    process_s: (user + system) / 1e6,
    peak_mib: maxRSS / 1024,
  }),
);
