import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomOf, tryMutant } from './outcome.ts';
import { TARGETS } from './targets.ts';

const SEED = 1;
/** Together some 20 s of one processor; `npm run fuzz` tries any number. */
const MUTANTS: Record<keyof typeof TARGETS, number> = {
  dicom: 1000,
  image: 3000,
  archive: 1500,
  config: 400,
  asl: 300,
};
/** Of the whole process. The largest mutant has 300 kB, an archive may unpack to 64 MiB. */
const MOST_BYTES = 1.5 * 2 ** 30;

for (const [name, make] of Object.entries(TARGETS))
  test(`${name}: every mutant is read or refused with a clear error, within limits of time and memory`, async () => {
    const target = await make();
    const kinds = { read: 0, refused: 0 };
    for (let index = 0; index < MUTANTS[name]; index++) {
      let { kind, message } = await tryMutant(target, SEED, index);
      // On a busy machine anything may take long, once.
      if (kind === 'slow') ({ kind, message } = await tryMutant(target, SEED, index));
      if (kind === 'fault' || kind === 'slow')
        assert.fail(`mutant ${index}: ${message}; npm run fuzz -- ${name} --seed ${SEED} shows all`);
      kinds[kind] += 1;
    }
    // Mutants that are all refused at the door, or all harmless, would test nothing.
    assert.ok(kinds.read > MUTANTS[name] / 50 && kinds.refused > MUTANTS[name] / 50, JSON.stringify(kinds));
    assert.ok(process.memoryUsage.rss() < MOST_BYTES);
  });

test('seed and number reproduce a mutant', async () => {
  for (const make of Object.values(TARGETS)) {
    const target = await make();
    const made = [0, 0, 1].map((index) => JSON.stringify(target.mutant(randomOf(SEED, index))));
    assert.equal(made[0], made[1]);
    assert.notEqual(made[0], made[2]);
  }
});
