import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { parseGpus } from '#lib/pool/gpus.ts';
import { autoWorkers, cgroupLimits, readMachine } from '#lib/pool/machine.ts';
import { memoryCgroup } from '#test/fixtures/memory-cgroup.ts';

/** `workers: auto`: clamp(cores - 2, 4, 32), and no more than the cores. */
for (const [cores, workers] of [
  [1, 1],
  [2, 2],
  [4, 4],
  [8, 6],
  [34, 32],
  [128, 32],
]) {
  test(`${cores} cores give ${workers} workers`, () => {
    assert.equal(autoWorkers(cores), workers);
  });
}

const NONE = { cores: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };

/** Files of a kernel with either version of control groups, and the limits that they set. */
const KERNELS: [string, Record<string, string>, { cores: number; memoryBytes: number }][] = [
  ['no control groups', {}, NONE],
  [
    'version 2 without limits',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n', '/sys/fs/cgroup/memory.max': 'max\n' },
    NONE,
  ],
  [
    'version 2 in a container that sees only its root',
    {
      '/proc/self/cgroup': '0::/../../x\n',
      '/sys/fs/cgroup/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/memory.max': '2147483648\n',
    },
    { cores: 1.5, memoryBytes: 2147483648 },
  ],
  [
    'version 2 with the tighter limit above',
    {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/memory.max': '4294967296\n',
      '/sys/fs/cgroup/a/memory.max': '1073741824\n',
      '/sys/fs/cgroup/a/b/cpu.max': '400000 100000\n',
    },
    { cores: 4, memoryBytes: 1073741824 },
  ],
  [
    'version 1',
    {
      '/proc/self/cgroup': '4:memory:/job\n2:cpu,cpuacct:/job\n',
      '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': '3221225472\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '200000\n',
      '/sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000\n',
    },
    { cores: 2, memoryBytes: 3221225472 },
  ],
  [
    'version 1 without a quota',
    {
      '/proc/self/cgroup': '2:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    NONE,
  ],
];

for (const [what, files, expected] of KERNELS) {
  test(`limits of ${what}`, () => {
    assert.deepEqual(
      cgroupLimits((path) => files[path]),
      expected,
    );
  });
}

test('this machine has a core and some memory', () => {
  const { cores, memoryBytes } = readMachine();
  assert.ok(cores >= 1);
  assert.ok(memoryBytes > 2 ** 28);
});

test('GPUs are read from the output of nvidia-smi', () => {
  assert.deepEqual(parseGpus('0, NVIDIA L4, 23034\n1, NVIDIA H100 80GB HBM3, 81559\n'), [
    { index: 0, name: 'NVIDIA L4', memoryMiB: 23034 },
    { index: 1, name: 'NVIDIA H100 80GB HBM3', memoryMiB: 81559 },
  ]);
  assert.deepEqual(parseGpus('No devices were found\n'), []);
});

const LIMIT_BYTES = 300 * 2 ** 20;
const cgroup = memoryCgroup(LIMIT_BYTES);
after(() => cgroup?.remove());

test('a process in a control group sees the memory limit of the group', { skip: !cgroup }, async () => {
  const module = new URL('../../../lib/pool/machine.ts', import.meta.url).href;
  const program = `const { readMachine } = await import('${module}'); process.stdout.write(String(readMachine().memoryBytes));`;
  const { stdout } = await execa(...cgroup!.shell(process.execPath, ['--input-type=module', '-e', program]));
  assert.equal(Number(stdout), LIMIT_BYTES);
});
