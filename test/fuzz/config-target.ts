import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectiveConfig } from '../../cli/configuration.ts';
import { mutateBytes, oneOf } from './mutate-bytes.ts';
import { mutateText } from './mutate-text.ts';
import type { Target } from './target.ts';

const OWN = `workers: 4
organize: {merge_criteria: same_ct_study, max_days: 30, identifiers: id}
dvh:
  metrics: ['D95%[Gy]', 'V20Gy[%]', 'Mean[Gy]']
  goals: {goals: ['Rectum V70Gy < 20 % (25)', {roi: 'PTV*', goal: 'D95% >= 66.5 Gy'}]}
radiomics:
  skip_rois: [BODY, '*couch*']
  params_file: {imageType: {Original: {}, LoG: {sigma: [1, 2.5]}}, featureClass: {firstorder: , glcm: [Contrast]}, setting: {binWidth: 25}}
custom_structures:
  custom_structures:
    - {name: ring, operation: subtract, source_structures: [PTV, CTV], margin: 3}
`;

/** Configuration files, the ancestor's too: YAML, keys, metrics, goals, features. */
export function configTarget(): Target {
  const file = join(mkdtempSync(join(tmpdir(), 'rtpipeline-fuzz-')), 'config.yaml');
  const seeds = [OWN, readFileSync(new URL('../fixtures/ancestor-config.yaml', import.meta.url), 'utf8')];
  return {
    mutant: (random) => {
      const text = mutateText(oneOf(random, seeds), random);
      return random() < 0.2 ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
    },
    async read(mutant) {
      writeFileSync(file, mutant as Uint8Array);
      await effectiveConfig(file, {}, {});
      if (Object.keys(Object.prototype).length > 0) throw new Error('every object has a new key');
    },
  };
}
