import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareResponseMap, publishedSamples, RESPONSE_MAPS } from './response-maps.ts';

test('every published response map of IBSI 2 phase 1 has a case', () => {
  assert.deepEqual([...publishedSamples().keys()].sort(), Object.keys(RESPONSE_MAPS).sort());
});

for (const [id, { share }] of Object.entries(RESPONSE_MAPS)) {
  test(`the response map of IBSI 2 ${id} is reproduced within ${share} of its range`, () => {
    const worst = compareResponseMap(id);
    assert.ok(worst.share <= share, worst.at);
  });
}
