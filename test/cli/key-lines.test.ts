import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '#lib/config.ts';
import { keyLines } from '../../cli/key-lines.ts';
import { budgetOf, type MachineFacts } from '../../cli/machine-budget.ts';

const gpu = { index: 0, name: 'NVIDIA L4', memoryMiB: 23_034 };
const machine = (cores: number, gpus = [gpu]): MachineFacts => ({
  ...{ cores, gpus, memoryBytes: 64 * 2 ** 30 },
  ...{ hasSegmenter: true, hasPredictor: true },
});

/** Machine, configuration -> segmentation and custom models: courses at once, device, threads. */
const SEGMENTING: [string, MachineFacts, object, string, number][] = [
  [
    'a GPU takes one course',
    machine(16),
    {},
    '1 parallel workers (device: gpu, per-worker threads: resample=8, save=8)',
    1,
  ],
  [
    'no GPU, so the rule of CPUs',
    machine(16, []),
    {},
    '2 parallel workers (device: cpu, per-worker threads: resample=7, save=7)',
    2,
  ],
  [
    'a GPU that the models do not fit, so the rule of CPUs',
    machine(16, [{ ...gpu, memoryMiB: 4096 }]),
    {},
    '2 parallel workers (device: cpu, per-worker threads: resample=7, save=7)',
    2,
  ],
  [
    'the same GPU, asked for by name',
    machine(16, [{ ...gpu, memoryMiB: 4096 }]),
    { segmentation: { device: 'gpu' } },
    '1 parallel workers (device: gpu, per-worker threads: resample=8, save=8)',
    1,
  ],
  [
    'two workers halve to one',
    machine(16),
    { workers: 2, segmentation: { device: 'cpu' } },
    '1 parallel workers (device: cpu, per-worker threads: resample=2, save=2)',
    1,
  ],
  [
    'told otherwise',
    machine(16),
    { segmentation: { workers: 3, threads_per_worker: 8, nr_threads_save: 1 }, custom_models: { workers: 2 } },
    '3 parallel workers (device: gpu, per-worker threads: resample=8, save=1)',
    2,
  ],
  [
    'told more than there are workers',
    machine(16),
    { workers: 4, segmentation: { workers: 9 } },
    '4 parallel workers (device: gpu, per-worker threads: resample=4, save=4)',
    1,
  ],
];

test('the log says when the 3 mm model replaces the full one on a CPU', () => {
  const line = (facts: MachineFacts, settings: object) => {
    const config = parseConfig(settings);
    return new Map(keyLines(facts, config, budgetOf(facts, config))).get('Run:Device:Slow')?.message;
  };
  const fast = 'For the 3 mm model, several times faster, set segmentation.fast: true';
  assert.equal(line(machine(16, []), {}), `TotalSegmentator runs on the CPU: there is no GPU. ${fast}`);
  const small = machine(16, [{ ...gpu, memoryMiB: 4096 }]);
  assert.equal(line(small, {}), `TotalSegmentator runs on the CPU: no GPU has 7000 MiB. ${fast}`);
  assert.equal(line(machine(16), {}), undefined);
  assert.equal(line(machine(16, []), { segmentation: { fast: true } }), undefined);
});

test('the log warns when the configured courses need more memory than the machine has', () => {
  const facts = { ...machine(16, []), memoryBytes: 24 * 2 ** 30 };
  const config = parseConfig({});
  const lines = new Map(keyLines(facts, config, budgetOf(facts, config)));
  assert.match(String(lines.get('Run:Segmentation:Set')?.message), /using 1 parallel workers/);
  assert.match(String(lines.get('Run:Workers:Set')?.message), /segmentation 1, custom models 2/);
});

for (const [what, facts, settings, segmentation, customModels] of SEGMENTING) {
  test(`the log says how many courses are segmented at once: ${what}`, () => {
    const config = parseConfig(settings);
    const lines = new Map(
      keyLines(facts, config, budgetOf(facts, config)).map(([event, { message }]) => [event, String(message)]),
    );
    assert.equal(lines.get('Run:Segmentation:Set'), `Segmentation stage: using ${segmentation}`);
    assert.ok(
      lines
        .get('Run:CustomModels:Set')
        ?.startsWith(`Custom segmentation stage: using ${customModels} parallel workers`),
    );
  });
}
