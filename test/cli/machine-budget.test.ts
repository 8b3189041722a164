import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { JOB_STAGE_NAMES, type JobStageName } from '#lib/stages/table.ts';
import { type BudgetWish, budgetOf, type MachineFacts } from '../../cli/machine-budget.ts';

const gpu = { index: 0, name: 'NVIDIA L4', memoryMiB: 23_034 };
const machine = (cores: number, more: Partial<MachineFacts> = {}): MachineFacts => ({
  cores,
  memoryBytes: 10 * 2 ** 30,
  gpus: [],
  hasSegmenter: true,
  hasPredictor: true,
  ...more,
});
const CPU = { segmentation: { device: 'cpu' } };

/** Machine, configuration, wish -> CPUs and, by stage, courses at once and CPUs of a job. */
const BUDGETS: [string, MachineFacts, object, BudgetWish, number, Partial<Record<JobStageName, object>>][] = [
  [
    '64 cores',
    machine(64, { gpus: [gpu] }),
    {},
    {},
    32,
    {
      dvh: { cpus: 16 },
      radiomics: { cpus: 31 },
      aggregate: { cpus: 1 },
      qc: { cpus: 1 },
      segmentation: { jobs: 1, cpus: 8 },
      custom_models: { jobs: 1, cpus: 8 },
    },
  ],
  [
    '64 cores, all of them asked for',
    machine(64),
    {},
    { cpus: 64 },
    64,
    { dvh: { cpus: 32 }, radiomics: { cpus: 63 }, robustness: { cpus: 63 } },
  ],
  ['2 cores', machine(2), CPU, {}, 2, { dvh: { cpus: 2 }, radiomics: { cpus: 2 }, segmentation: { jobs: 1, cpus: 2 } }],
  [
    'max_workers, which bounds all of these',
    machine(64),
    {
      max_workers: 3,
      workers: 20,
      segmentation: { workers: 40, device: 'cpu' },
      custom_models: { workers: 40 },
      radiomics: { workers: 30 },
    },
    { cpus: 64 },
    3,
    {
      segmentation: { jobs: 3, cpus: 1 },
      custom_models: { jobs: 3, cpus: 1 },
      radiomics: { cpus: 3 },
      robustness: { cpus: 3 },
    },
  ],
  [
    '32 cores and no GPU: two courses share all CPUs',
    machine(32),
    CPU,
    {},
    30,
    { segmentation: { jobs: 2, cpus: 15 }, custom_models: { jobs: 2, cpus: 15 } },
  ],
  ['one CPU', machine(8), CPU, { cpus: 1 }, 1, { dvh: { cpus: 1 }, radiomics: { cpus: 1 } }],
  [
    'a CPU of Apple, whose graphics share its memory',
    machine(8),
    { segmentation: { device: 'mps' } },
    {},
    6,
    { segmentation: { jobs: 1, cpus: 4 }, custom_models: { jobs: 1, cpus: 4 } },
  ],
  [
    'more courses at once than workers asked for',
    machine(8),
    { workers: 3, segmentation: { workers: 9 }, custom_models: { workers: 9 } },
    {},
    3,
    { segmentation: { jobs: 3, cpus: 1 }, custom_models: { jobs: 3, cpus: 1 } },
  ],
  ['two workers on a CPU', machine(8), { workers: 2, ...CPU }, {}, 2, { segmentation: { jobs: 1, cpus: 2 } }],
  [
    'what the configuration says',
    machine(8, { gpus: [gpu] }),
    {
      segmentation: { workers: 3, threads_per_worker: 2 },
      custom_models: { workers: 2 },
      radiomics: { workers: 5 },
      aggregation: { threads: 3 },
    },
    {},
    6,
    {
      segmentation: { jobs: 3, cpus: 2 },
      custom_models: { jobs: 2, cpus: 4 },
      radiomics: { cpus: 5 },
      aggregate: { cpus: 1 },
    },
  ],
  ['one ROI at a time', machine(8), { radiomics: { sequential: true } }, {}, 6, { radiomics: { cpus: 1 } }],
  [
    'no segmenter',
    machine(8, { hasSegmenter: false }),
    {},
    {},
    6,
    { segmentation: { jobs: 2, cpus: 1, memoryMiB: 512 } },
  ],
];

for (const [what, facts, config, wish, cpus, stages] of BUDGETS) {
  test(`the budget with ${what} is ${cpus} CPUs`, () => {
    const budget = budgetOf(facts, parseConfig(config), wish);
    assert.equal(budget.cpus, cpus);
    for (const stage of JOB_STAGE_NAMES)
      if (stages[stage]) assert.deepEqual(budget.stages?.[stage], stages[stage], stage);
  });
}

test('a run uses nine tenths of the memory unless configured otherwise', () => {
  assert.equal(budgetOf(machine(4), parseConfig({})).memoryMiB, 9216);
  assert.equal(budgetOf(machine(4), parseConfig({}), { memoryGib: 2 }).memoryMiB, 2048);
});

test('GPUs are used only when the configured device is a GPU', () => {
  const facts = machine(4, { gpus: [gpu] });
  assert.deepEqual([budgetOf(facts, parseConfig({})).gpus, budgetOf(facts, parseConfig(CPU)).gpus], [[0], []]);
});

test('courses share a large GPU by its memory, a place for each', () => {
  const on = (memoryMiB: number[], config: object = {}) => {
    const gpus = memoryMiB.map((own, index) => ({ index, name: 'NVIDIA', memoryMiB: own }));
    const { gpus: places, stages } = budgetOf(machine(32, { gpus }), parseConfig(config));
    return [places, stages?.segmentation?.jobs];
  };
  assert.deepEqual(on([23_034]), [[0], 1]);
  assert.deepEqual(on([46_068]), [[0, 0, 0], 3]);
  assert.deepEqual(on([143_771]), [[0, 0, 0, 0], 4]);
  assert.deepEqual(on([46_068, 16_376]), [[0, 1, 0, 0], 4]);
  assert.deepEqual(on([23_034], { segmentation: { per_card: 2 } }), [[0, 0], 2]);
  assert.deepEqual(on([46_068], { segmentation: { per_card: 1 } }), [[0], 1]);
  assert.deepEqual(on([46_068], { segmentation: { workers: 2 } }), [[0, 0, 0], 2]);
});

test('a job of converted tasks keeps its memory where the program is not installed', () => {
  const { stages } = budgetOf(machine(8, { hasSegmenter: true }), parseConfig(CPU));
  assert.equal(stages?.segmentation?.memoryMiB, undefined);
});

const CARDS: [string, number, object, number[]][] = [
  ['a GPU for each, by default', 2, {}, [0, 1]],
  ['a GPU for each of two', 2, { segmentation: { workers: 2 } }, [0, 1]],
  ['three courses on one GPU, when told so', 1, { segmentation: { workers: 3 } }, [0, 0, 0]],
  ['three custom models on two GPUs: one is shared', 2, { custom_models: { workers: 3 } }, [0, 1, 0, 1]],
];
for (const [what, count, config, places] of CARDS)
  test(`GPU of each course: ${what}`, () => {
    const gpus = Array.from({ length: count }, (_, index) => ({ ...gpu, index }));
    assert.deepEqual(budgetOf(machine(32, { gpus }), parseConfig(config)).gpus, places);
  });
