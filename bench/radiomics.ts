/** Times 1223 features per region on one thread, and a course of 40 regions on one and two: `node bench/radiomics.ts`. */

import { silentLog } from '../lib/log.ts';
import { createPool } from '../lib/pool/create-pool.ts';
import { extractFeatures } from '../lib/radiomics/pyradiomics/extract.ts';
import { prepareImageTask } from '../lib/radiomics/pyradiomics/task.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings/settings.ts';
import { ballCase, courseCase, SPEED_PARAMS, tumourCase } from './radiomics-cases.ts';

const REPEATS = 7;
const settings = parseRadiomicsSettings(SPEED_PARAMS);

for (const { name, image, mask } of [ballCase(60), ...tumourCase(), ballCase(1500)]) {
  const seconds = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    extractFeatures(image, mask, settings);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  console.log(`${name}: ${seconds.map((s) => s.toFixed(2)).join(', ')} s of CPU time`);
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);

const { image, masks } = courseCase();
const prepared = prepareImageTask({ image, settings });
for (const width of [1, 2]) {
  const pool = createPool({ width, log: silentLog });
  const start = performance.now();
  const before = process.cpuUsage();
  const tasks = masks.map((mask, n) => ({
    module: new URL('../lib/radiomics/pyradiomics/task.ts', import.meta.url).href,
    name: 'extractRegionTask',
    argument: { prepared, mask, settings },
    label: String(n),
  }));
  const results = await pool.map('course', tasks);
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  const { user, system } = process.cpuUsage(before);
  const done = results.filter((result) => result.ok).length;
  console.log(
    `course of ${masks.length} regions, ${width} threads: ${done} done in ${seconds.toFixed(1)} s, ` +
      `${((user + system) / 1e6).toFixed(1)} s of CPU time`,
  );
}
