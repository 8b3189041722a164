import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuotaValues } from '#lib/aws/quotas.ts';
import type { Config } from '#lib/config.ts';
import { readJson } from '#lib/course-store/json.ts';
import { runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { ExecutionInput } from '#statemachine/input.ts';
import { type QueueEvent, queueFunction } from '../../../functions/start/handler.ts';
import type { Services } from '../../../functions/start/start.ts';

const encoder = new TextEncoder();

/** S3, Step Functions, SNS and the queue in memory, with a record of what was asked. */
function cloud() {
  const stores = new Map<string, ObjectStore>();
  const executions = new Map<string, { input: ExecutionInput; state: string }>();
  const notices: Record<string, string>[] = [];
  const postponed: number[] = [];
  const copies: [string, string][] = [];
  const fault: { at?: keyof Services } = {};
  const quotas: QuotaValues = {};
  const open = (bucket: string, prefix: string): ObjectStore => {
    const uri = `s3://${bucket}/${prefix.replace(/\/$/, '')}`;
    if (!stores.has(uri)) stores.set(uri, memoryStore(uri));
    return stores.get(uri)!;
  };
  const services: Services = {
    resultsBucket: 'results',
    imageWeights: ['total', 'total_fast', 'total_mr', 'total_fast_mr'],
    open: async (bucket, prefix) => open(bucket, prefix),
    copy: async (_, from, to) => void copies.push([from, to]),
    executionArn: (name) => `arn:${name}`,
    executionState: async (name) => executions.get(name)?.state,
    async startExecution(name, input) {
      if (fault.at === 'startExecution') throw new Error('killed');
      if (executions.has(name)) return false;
      executions.set(name, { input, state: 'RUNNING' });
      return true;
    },
    notify: async (_, message) => void notices.push(message),
    quotas: async () => quotas,
    courseSalt: async () => 'secret',
  };
  const queue = { postpone: async (_: string, seconds: number) => void postponed.push(seconds) };
  const handler = queueFunction(services, queue, () => {});
  return { open, executions, notices, postponed, copies, fault, quotas, handler };
}

function announced(key: string, version = 'v1', look = 1, size = 10): QueueEvent {
  const detail = { bucket: { name: 'inbox' }, object: { key, size, etag: 'e', 'version-id': version } };
  return messageOf({ detail }, look);
}

function messageOf(body: object, look = 1): QueueEvent {
  const attributes = { ApproximateReceiveCount: String(look) };
  return { Records: [{ messageId: 'm1', receiptHandle: 'h1', body: JSON.stringify(body), attributes }] };
}

async function upload(open: ReturnType<typeof cloud>['open'], marker: object): Promise<void> {
  const store = open('inbox', 'incoming/u1/');
  await store.put('a.dcm', new Uint8Array(3));
  await store.put('b.dcm', new Uint8Array(4));
  await store.put('_READY.json', encoder.encode(JSON.stringify(marker)));
}

test('a complete upload starts one execution with the input that the pipeline expects', async () => {
  const { open, executions, handler } = cloud();
  await upload(open, { count: 2, bytes: 7, request: { patients: ['P1'] }, config: { qc: { enabled: false } } });
  assert.deepEqual(await handler(announced('incoming/u1/_READY.json')), { batchItemFailures: [] });
  const [[name, { input }]] = [...executions];
  assert.match(name, /^run-[0-9a-f]{24}$/);
  assert.deepEqual(input, {
    runId: name,
    inputUri: 's3://inbox/incoming/u1',
    storeUri: 's3://results/runs/u1',
    bucket: 'results',
    prefix: 'runs/u1/',
    force: false,
  });
  const store = open('results', 'runs/u1');
  assert.deepEqual(await readJson(store, runKeys.request), {
    patients: ['P1'],
    stages: [],
    leftOut: {},
  });
  const config = await readJson<{ qc: { enabled: boolean }; organize: { course_salt: string } }>(store, runKeys.config);
  assert.deepEqual([config.qc.enabled, config.organize.course_salt], [false, 'secret']);
});

test('a repeated event starts nothing, another version of the marker starts another execution', async () => {
  const { open, executions, notices, handler } = cloud();
  await upload(open, {});
  await handler(announced('incoming/u1/_READY.json'));
  await handler(announced('incoming/u1/_READY.json'));
  assert.equal(executions.size, 1);
  await handler(announced('incoming/u1/_READY.json', 'v2'));
  assert.equal(executions.size, 1, 'not beside a running one');
  assert.match(notices[0].reason, /still processes/);
  for (const execution of executions.values()) execution.state = 'SUCCEEDED';
  await handler(announced('incoming/u1/_READY.json', 'v2'));
  assert.equal(executions.size, 2);
});

test('a start killed halfway continues when the message arrives again', async () => {
  const { open, executions, fault, handler } = cloud();
  await upload(open, {});
  fault.at = 'startExecution';
  assert.deepEqual(await handler(announced('incoming/u1/_READY.json')), {
    batchItemFailures: [{ itemIdentifier: 'm1' }],
  });
  fault.at = undefined;
  await handler(announced('incoming/u1/_READY.json', 'v1', 2));
  assert.equal(executions.size, 1);
});

test('a wrong file count is checked again after growing waits, then rejected with both numbers', async () => {
  const { open, executions, notices, postponed, handler } = cloud();
  await upload(open, { count: 3, bytes: 7 });
  for (let look = 1; look <= 5; look++) await handler(announced('incoming/u1/_READY.json', 'v1', look));
  assert.deepEqual(postponed, [60, 120, 180, 240]);
  assert.equal(executions.size, 0);
  assert.deepEqual(notices, [
    {
      status: 'rejected',
      upload: 'u1',
      reason: 'the upload differs from its marker: count: 3 stated, 2 there',
    },
  ]);
  assert.deepEqual(await readJson(open('results', 'runs/u1'), runKeys.rejected), notices[0]);
});

const REFUSED: [why: string, marker: object | string, reason: RegExp][] = [
  ['an unknown field', { counts: 2 }, /Unrecognized key: "counts"/],
  ['an unknown configuration key', { config: { dvhs: {} } }, /unknown key dvhs, did you mean dvh/],
  ['a device of a Mac', { config: { segmentation: { device: 'mps' } } }, /mps works only on a Mac/],
  ['text that is no JSON', '{', /is not valid JSON/],
  [
    'a shell command',
    { config: { custom_models: { enabled: true, conda_activate: 'touch /tmp/owned' } } },
    /^custom_models\.conda_activate: only the deployment can set this \(config\/pipeline\.json of the results bucket\)/,
  ],
  ['a program', { config: { segmentation: { command: '/tmp/mine' } } }, /^segmentation\.command: only the deployment/],
  ['another program', { config: { custom_models: { nnunet_predict: 'sh' } } }, /^custom_models\.nnunet_predict: only/],
  ['a folder of models', { config: { custom_models: { root: '/mnt/incoming' } } }, /^custom_models\.root: only/],
  ['a folder of weights', { config: { segmentation: { weights: '/mnt' } } }, /^segmentation\.weights: only/],
  [
    'two of them, one set to nothing',
    { config: { custom_models: { root: 'models', conda_activate: null } } },
    /^custom_models\.root, custom_models\.conda_activate: only/,
  ],
  ['an option in a name', { config: { segmentation: { roi_subset: ['liver', '--output'] } } }, /does not start with -/],
  ['an option as a task', { config: { segmentation: { extra_models: ['-o'] } } }, /does not start with -/],
  [
    'a key that every object has',
    '{"config":{"__proto__":{"custom_models":{"conda_activate":"x"}}}}',
    /unknown key __proto__/,
  ],
  ['a command in its request', { request: { notify: 'sh' } }, /Unrecognized key: "notify"/],
];
for (const [why, marker, reason] of REFUSED) {
  test(`a marker with ${why} is rejected with the reason`, async () => {
    const { open, executions, notices, handler } = cloud();
    await upload(open, {});
    const text = typeof marker === 'string' ? marker : JSON.stringify(marker);
    await open('inbox', 'incoming/u1/').put('_READY.json', encoder.encode(text));
    await handler(announced('incoming/u1/_READY.json'));
    assert.match(notices[0].reason, reason);
    assert.equal(executions.size, 0);
  });
}

test('a run combines the configuration of its upload with programs and salt of the deployment', async () => {
  const { open, handler } = cloud();
  const deployed = {
    custom_models: { conda_activate: 'conda activate nnunet', root: '/opt/models', workers: 3 },
    segmentation: { command: '/opt/TotalSegmentator' },
    organize: { course_salt: 'of the deployment' },
  };
  await open('results', '').put('config/pipeline.json', encoder.encode(JSON.stringify(deployed)));
  await upload(open, { config: { custom_models: { enabled: true }, qc: { enabled: false } } });
  await handler(announced('incoming/u1/_READY.json'));
  const config = await readJson<Config>(open('results', 'runs/u1'), runKeys.config);
  const { conda_activate, root, workers, enabled } = config.custom_models;
  assert.deepEqual([conda_activate, root, workers, enabled], ['conda activate nnunet', '/opt/models', null, true]);
  assert.equal(config.segmentation.command, '/opt/TotalSegmentator');
  assert.equal(config.organize.course_salt, 'of the deployment');
  assert.equal(config.qc.enabled, false);
});

test('an upload name that cannot be part of a key is rejected without repeating the name', async () => {
  const { notices, executions, handler } = cloud();
  await handler(announced('incoming/CANARY^NAME/_READY.json'));
  assert.equal(executions.size, 0);
  assert.ok(!JSON.stringify(notices).includes('CANARY'));
});

test('an archive is copied into a folder of its own, which becomes the upload', async () => {
  const { executions, copies, handler } = cloud();
  await handler(announced('incoming/u2.zip'));
  assert.deepEqual(copies, [['incoming/u2.zip', 'archives/u2.zip/upload.zip']]);
  const [{ input }] = [...executions.values()];
  assert.match(input.inputUri, /\/archives\/u2\.zip$/);
  assert.equal(input.prefix, 'runs/u2.zip/');
});

test('an archive too large for one S3 copy is rejected', async () => {
  const { executions, notices, handler } = cloud();
  await handler(announced('incoming/u2.zip', 'v1', 1, 5 * 2 ** 30 + 1));
  assert.equal(executions.size, 0);
  assert.match(notices[0].reason, /larger than 5 GiB/);
});

test('a quiet folder is identified by its content: announced twice it starts once, with a new file again', async () => {
  const { open, executions, postponed, handler } = cloud();
  const folder = open('inbox', 'dropbox/SCANNER1/');
  await folder.put('1', new Uint8Array(3));
  const quiet = messageOf({ quiet: { bucket: 'inbox', folder: 'SCANNER1' } });
  await handler(quiet);
  await handler(quiet);
  assert.equal(executions.size, 1);
  const [{ input }] = [...executions.values()];
  assert.match(input.prefix, /^runs\/drop-[0-9a-f]{16}\/$/);
  await folder.put('2', new Uint8Array(3));
  await handler(quiet);
  assert.deepEqual(postponed, [600], 'waits for the run that is under way');
  for (const execution of executions.values()) execution.state = 'FAILED';
  await handler(quiet);
  assert.equal(executions.size, 2);
});

const network = (classes: number) => ({
  classes,
  onnx: { spacing_mm: [1, 1, 1], window: [8, 8, 8], fixed_mib: 401, image_bytes: 45 },
});
const PUBLISHED = {
  custom: {
    root: 's3://results/models/trees/abc.json',
    digest: 'd1',
    models: [
      { name: 'Heart', networks: [network(2)], tasks: [] },
      { name: 'Vessels', networks: [{ classes: 3, onnx: null }], tasks: ['lung_vessels'] },
    ],
  },
  weights: { root: 's3://results/models/trees/def.json', models: [117] },
};

/** What comes of a run with this configuration: the one it runs with, or why it is rejected. */
async function configured(config: object, published: object | undefined) {
  const { open, notices, handler } = cloud();
  if (published) await open('results', 'models').put('published.json', encoder.encode(JSON.stringify(published)));
  await upload(open, { config });
  await handler(announced('incoming/u1/_READY.json'));
  if (notices.length > 0) return notices[0].reason;
  return readJson<Config>(open('results', 'runs/u1'), runKeys.config);
}

test('a run uses the published models and weights, pinned by digest', async () => {
  const config = (await configured({ custom_models: { enabled: true, models: ['heart'] } }, PUBLISHED)) as Config;
  const { root, digest, networks } = config.custom_models;
  assert.deepEqual([root, digest, networks], [PUBLISHED.custom.root, 'd1', [network(2)]]);
  assert.equal(config.segmentation.weights, PUBLISHED.weights.root);
  const without = (await configured({}, undefined)) as Config;
  assert.deepEqual([without.segmentation.weights, without.custom_models.root], [null, 'custom_models']);
});

test('a published converted task needs no weights, and the run knows its networks', async () => {
  const converted = [
    { name: 'liver_vessels', digest: 'd2', networks: [network(3)] },
    { name: 'teeth', digest: 'd3', networks: [network(40)] },
  ];
  const published = { weights: { ...PUBLISHED.weights, converted } };
  const config = (await configured({ segmentation: { extra_models: ['liver_vessels'] } }, published)) as Config;
  assert.deepEqual(config.segmentation.converted, converted.slice(0, 1));
  const own = [{ name: 'total', digest: 'of the person', networks: [] }];
  assert.match(
    String(await configured({ segmentation: { converted: own } }, undefined)),
    /^segmentation\.converted: only the deployment/,
  );
});

test('a run with unpublished models or weights is rejected before the start, by their names', async () => {
  const rejected: [object, object | undefined, RegExp][] = [
    [{ custom_models: { enabled: true } }, undefined, /no models are published.*publish-models --models/],
    [{ custom_models: { enabled: true, models: ['Lung'] } }, PUBLISHED, /no published model has the name Lung/],
    [{ custom_models: { enabled: true } }, { ...PUBLISHED, weights: undefined }, /weights of lung_vessels.*117/],
    [{ segmentation: { extra_models: ['liver_vessels'] } }, PUBLISHED, /weights of liver_vessels.*models 8\)/],
    [{ segmentation: { extra_models: ['tissue_types'] } }, PUBLISHED, /tissue_types needs a licence number/],
  ];
  for (const [config, published, reason] of rejected) assert.match(String(await configured(config, published)), reason);
});

test('3 mm models and chosen classes need no published weights; further tasks use them', async () => {
  for (const [segmentation, published] of [
    [{ fast: true, roi_subset: ['liver'] }, undefined],
    [{ extra_models: ['lung_vessels'] }, PUBLISHED],
    [{ enabled: false, extra_models: ['liver_vessels'] }, undefined],
  ] as const)
    assert.equal(typeof (await configured({ segmentation }, published)), 'object', JSON.stringify(segmentation));
});

test('stages without GPU quota are left out with a notice; spot or on-demand quota alone is enough', async () => {
  const left = async (quotas: QuotaValues, config: object = {}) => {
    const { open, executions, notices, quotas: known, handler } = cloud();
    Object.assign(known, quotas);
    await upload(open, { config });
    await handler(announced('incoming/u1/_READY.json'));
    const { leftOut } = await readJson<{ leftOut: Record<string, string> }>(
      open('results', 'runs/u1'),
      runKeys.request,
    );
    assert.equal(executions.size, 1);
    assert.equal(notices.length, Object.keys(leftOut).length > 0 ? 1 : 0);
    return leftOut;
  };
  const none = { gpuOnDemand: 0, gpuSpot: 4, longOnDemand: 5, longSpot: 5, cpuOnDemand: 6, cpuSpot: 6 };
  const found = await left(none, { radiomics_robustness: { enabled: true } });
  assert.deepEqual(Object.keys(found).sort(), ['robustness', 'segmentation']);
  assert.match(found.segmentation, /no hosts with a GPU: .* 0 CPUs of them on demand and 4 on spot .*\(L-DB2E81BA\)/);
  assert.match(found.robustness, /at least 16 of .*\(L-1216C47A\)/);
  const off = { radiomics_robustness: { enabled: false } };
  assert.deepEqual(await left({ ...none, gpuSpot: 8 }, off), {});
  assert.deepEqual(await left({ gpuOnDemand: 0 }), {}, 'what cannot be read stops nothing');
  assert.deepEqual(Object.keys(await left(none, { ...off, segmentation: { device: 'cpu' } })), ['segmentation']);
  assert.deepEqual(await left({ ...none, longSpot: 16 }, { segmentation: { device: 'cpu' } }), {});
});

test('an account without any quota gets a message', async () => {
  const { open, executions, notices, quotas, handler } = cloud();
  Object.assign(quotas, { cpuOnDemand: 0, cpuSpot: 1 });
  await upload(open, {});
  await handler(announced('incoming/u1/_READY.json'));
  assert.equal(executions.size, 0);
  assert.match(notices[0].reason, /no capacity of Fargate: .*L-3032A538/);
});
