import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseConfig } from '#lib/config.ts';
import { thisSystem } from '#lib/pool/platform.ts';
import { toYaml } from '../../../cli/commands/doctor.ts';
import { memoryCheck, nodeCheck, systemCheck } from '../../../cli/doctor/machine-checks.ts';
import { proposeConfig } from '../../../cli/doctor/propose.ts';
import { fileSystemOf, type Storage } from '../../../cli/doctor/storage.ts';
import type { MachineFacts } from '../../../cli/machine-budget.ts';

const GIB = 2 ** 30;
const gpu = (index: number, memoryMiB: number) => ({ index, name: 'NVIDIA L4', memoryMiB });
const ssd: Storage = { kind: 'ssd', fileSystem: 'ext4', freeGib: 100 };
const machine = (cores: number, gib: number, gpus: MachineFacts['gpus'] = []): MachineFacts => ({
  cores,
  memoryBytes: gib * GIB,
  gpus,
  hasSegmenter: true,
  hasPredictor: true,
});

/** The four machines of the seed's section 8 and one more; what the proposal must agree on with the advice there. */
const MACHINES: [string, MachineFacts, Storage, Record<string, unknown>][] = [
  [
    'one GPU, 8 cores',
    machine(8, 32, [gpu(0, 16_000)]),
    ssd,
    { workers: 6, 'segmentation.device': 'gpu', 'segmentation.workers': 1 },
  ],
  [
    'two GPUs, 32 cores',
    machine(32, 128, [gpu(0, 16_000), gpu(1, 16_000)]),
    ssd,
    { workers: 30, 'segmentation.workers': 2, 'custom_models.workers': 2, 'segmentation.threads_per_worker': 8 },
  ],
  [
    'no GPU, 64 cores',
    machine(64, 128),
    ssd,
    {
      workers: 32,
      'segmentation.device': 'cpu',
      'segmentation.workers': 4,
      'segmentation.threads_per_worker': 8,
      'segmentation.fast': true,
    },
  ],
  ['network storage', machine(16, 64), { ...ssd, kind: 'network' }, { workers: 2 }],
  [
    'a small GPU and little memory',
    machine(16, 8, [gpu(0, 4000)]),
    ssd,
    { workers: 4, 'segmentation.device': 'cpu', 'segmentation.workers': 1 },
  ],
];

for (const [what, facts, storage, expected] of MACHINES) {
  test(`for ${what} doctor proposes a valid configuration`, () => {
    const proposals = proposeConfig(facts, storage);
    const proposed = Object.fromEntries(proposals.map(({ key, value }) => [key, value]));
    assert.deepEqual({ ...proposed, ...expected }, proposed);
    assert.equal(parseConfig(parse(toYaml(proposals))).workers, proposed.workers);
  });
}

const MOUNTS = ['/dev/vda / ext4 rw 0 0', 'srv:/data /data nfs4 rw 0 0', 'tmpfs /data/tmp tmpfs rw 0 0'].join('\n');

for (const [path, type] of [
  ['/home/x', 'ext4'],
  ['/data', 'nfs4'],
  ['/data/a/b', 'nfs4'],
  ['/database', 'ext4'],
  ['/data/tmp/x', 'tmpfs'],
]) {
  test(`${path} is on ${type}`, () => {
    assert.equal(fileSystemOf(path, MOUNTS), type);
  });
}

test('doctor names the memory limit, and warns of too little memory or an old Node', () => {
  assert.deepEqual(memoryCheck(8 * GIB, 16 * GIB), {
    what: 'memory',
    verdict: 'ok',
    message: '8.0 GiB of 16.0 GiB, by the limit of the control group',
  });
  assert.equal(memoryCheck(2 * GIB, 2 * GIB).verdict, 'bad');
  assert.deepEqual(
    ['22.1.0', '24.0.0', '25.1.0'].map((version) => nodeCheck(version).verdict),
    ['bad', 'ok', 'ok'],
  );
});

test('doctor lists what is missing on systems other than Linux', () => {
  assert.deepEqual(systemCheck({ ...thisSystem, platform: 'linux', hasProc: true }).verdict, 'ok');
  const check = systemCheck({ ...thisSystem, platform: 'darwin', hasProc: false });
  assert.equal(check.verdict, 'missing');
  assert.match(check.message, /memory of jobs is neither limited nor reported/);
});
