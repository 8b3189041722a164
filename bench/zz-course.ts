import { silentLog } from '../lib/log.ts';
import { createPool } from '../lib/pool/create-pool.ts';
import { extractFeatures } from '../lib/radiomics/extract.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings.ts';
import { prepareImageTask } from '../lib/radiomics/task.ts';
import { ballCase, courseCase, SPEED_PARAMS, tumourCase } from './radiomics-cases.ts';
const settings = parseRadiomicsSettings(SPEED_PARAMS);
const { image, masks } = courseCase();
const prepared = prepareImageTask({ image, settings });
for (const width of [1, 2]) {
  const pool = createPool({ width, log: silentLog });
  const start = performance.now();
  const before = process.cpuUsage();
  const tasks = masks.map((mask, n) => ({
    module: new URL('../lib/radiomics/task.ts', import.meta.url).href,
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
      `${((user + system) / 1e6).toFixed(1)} s of processor time`,
  );
}
