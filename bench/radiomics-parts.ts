/**
 * What a second core does for a region that is alone, in CPU time on one thread, the best of several warm runs:
 * `node bench/radiomics-parts.ts`. The whole ball of 60 cc, its two parts each on a thread of its own, and both on one.
 */

import { prepareImage } from '../lib/radiomics/preprocessing/prepare-image.ts';
import { extractRegionTask } from '../lib/radiomics/pyradiomics/task.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings/settings.ts';
import { ballCase } from './radiomics-cases.ts';

const REPEATS = 14;
const COUNT = 2;

const { image, mask, params } = ballCase(60);
const settings = parseRadiomicsSettings(params);
const prepared = prepareImage(image, settings.setting);
let regions = 0;
/** A region with a new number is prepared anew, as on another thread. */
const partOf = (region: number, index: number) => () =>
  extractRegionTask({ prepared, mask, settings, share: { region, part: { index, count: COUNT } } });

const best = { whole: Infinity, first: Infinity, second: Infinity, both: Infinity };
for (let n = 0; n < REPEATS; n++) {
  best.whole = Math.min(best.whole, cpuMs([() => extractRegionTask({ prepared, mask, settings })]));
  best.first = Math.min(best.first, cpuMs([partOf(regions++, 0)]));
  best.second = Math.min(best.second, cpuMs([partOf(regions++, 1)]));
  best.both = Math.min(best.both, cpuMs([partOf(regions, 0), partOf(regions++, 1)]));
}
console.log(
  Object.entries(best)
    .map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)
    .join(', '),
);
console.log(`two cores: ${(best.whole / Math.max(best.first, best.second)).toFixed(2)} times as fast`);
console.log(`one core: ${(100 * (best.both / best.whole - 1)).toFixed(1)} % more`);

/** Of this process: the threads that compile and collect garbage are counted too. */
function cpuMs(runs: (() => unknown)[]): number {
  const before = process.cpuUsage();
  for (const run of runs) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
