import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planWords } from '#lib/organize/dose-decision/plan-words.ts';
import { plan } from '#test/fixtures/index-rows.ts';

function wordsOf(label: string) {
  return planWords(plan({ label }).plan!);
}

const REPLAN = [
  'replan',
  'Re-plan',
  'Replan1',
  'adapt',
  'Adaptive',
  'revision',
  'rev',
  'rev2',
  'Rev 02',
  'v2',
  'V 3',
  'Prostate_v2',
]
  .concat(['copy of A', 'fx change', 'New CT', 'resim', 'modified', 'adjusted', 'Corrected'])
  .map((label) => ({ label, replan: true }));
const NO_REPLAN = [
  'previous',
  'rev1',
  'Rev 1',
  'revision 1',
  'v1',
  'PTV2',
  'preview',
  'adaptor',
  'reversed',
  'L2-L4',
  'Prostate',
].map((label) => ({ label, replan: false }));
const BOOST = [
  'Boost',
  'boost2',
  'ProstateBoost',
  'PTV_BOOST',
  'cone down',
  'conedown',
  'CD',
  'reduced',
  'sequential boost',
].map((label) => ({ label, boost: true }));
const NO_BOOST = ['HN SIB', 'SIB boost', 'simultaneous integrated boost', 'booster', 'cdx', 'Cone beam', 'Breast'].map(
  (label) => ({ label, boost: false }),
);
const PHASE = [
  { label: 'Phase 1', phase: 1 },
  { label: 'Ph2', phase: 2 },
  { label: 'PHASE III', phase: 3 },
  { label: 'phase02', phase: 2 },
  { label: 'Phased array', phase: undefined },
  { label: 'graph2', phase: undefined },
];

test('replan, boost and phase are recognised in plan labels as whole words', () => {
  for (const { label, ...expected } of [...REPLAN, ...NO_REPLAN, ...BOOST, ...NO_BOOST, ...PHASE]) {
    const found = wordsOf(label);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(found[name as keyof typeof found], value, `${label}: ${name}`);
    }
  }
});
