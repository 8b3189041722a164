/** Times 1223 features on one thread and on several: `node bench/radiomics.ts`. */

import { extractFeatures } from '../lib/radiomics/extract.ts';
import { parseRadiomicsSettings } from '../lib/radiomics/settings.ts';
import { ballCase, SPEED_PARAMS, tumourCase } from './radiomics-cases.ts';

const REPEATS = 3;
const settings = parseRadiomicsSettings(SPEED_PARAMS);

for (const { name, image, mask } of [ballCase(60), ...tumourCase(), ballCase(1500)]) {
  const seconds = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    extractFeatures(image, mask, settings);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  console.log(`${name}: ${seconds.map((s) => s.toFixed(2)).join(', ')} s of processor time`);
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
