import { finding } from '../findings.ts';
import type { Check } from './check.ts';

/** Structures without a usable region, names given twice, and what the readers of the structure sets found. */
export const structures: Check = {
  name: 'structures',
  meaning: 'every structure has a region, and its name only once',
  applies: (facts) => facts.structures.length > 0,
  run(facts) {
    const unusable = facts.structures
      .filter((structure) => structure.status !== 'ok')
      .map((structure) => {
        const severity = structure.status === 'failed' ? 'error' : 'warning';
        return finding(severity, 'STRUCTURE_NOT_USABLE', whereOf(structure), `status ${structure.status}`);
      });
    const seen = new Set<string>();
    const repeated = facts.structures.filter((structure) => {
      const name = `${structure.source}/${structure.roiName.toLowerCase()}`;
      return seen.has(name) || !seen.add(name);
    });
    const twice = repeated.map((structure) =>
      finding('warning', 'NAME_REPEATED', whereOf(structure), 'another structure of this source has the same name'),
    );
    return [...unusable, ...twice, ...facts.structureSets.flatMap((set) => set.findings)];
  },
};

function whereOf(structure: { roiNumber: number; source: string }): string {
  return `roi ${structure.roiNumber} (${structure.source})`;
}
