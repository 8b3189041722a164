import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InferenceSession } from 'onnxruntime-node';
import { GpuLost, GpuOutOfMemory, OutOfMemory, PipelineError } from '#lib/errors.ts';
import { runtimeError } from '#lib/segmentation/nnunet/onnx-network.ts';
import { openOn, openSession, type Provider } from '#lib/segmentation/nnunet/onnx-session.ts';

const session = {} as InferenceSession;
const nothing = () => undefined;

/** Opens sessions; on the GPU with this error, if there is one. Keeps what it was asked for. */
function runtime(onGpu?: string) {
  const asked: Provider[] = [];
  const create = async (provider: Provider) => {
    asked.push(provider);
    if (provider === 'cuda' && onGpu !== undefined) throw new Error(onGpu);
    return session;
  };
  return { asked, create };
}

test('a network opens on the GPU where CUDA is there, and on the CPU where no GPU is wanted', async () => {
  const { asked, create } = runtime();
  assert.deepEqual(await openOn('gpu', create, nothing), { session, provider: 'cuda' });
  assert.deepEqual(await openOn('cpu', create, nothing), { session, provider: 'cpu' });
  assert.deepEqual(await openOn('mps', create, nothing), { session, provider: 'cpu' });
  assert.deepEqual(asked, ['cuda', 'cpu', 'cpu']);
});

test('a network opens on the CPU with the reason where CUDA is absent or does not start', async () => {
  const absent = runtime();
  const withoutLibrary = await openOn('gpu', absent.create, () => 'no CUDA library');
  assert.deepEqual(withoutLibrary, { session, provider: 'cpu', withoutGpu: 'no CUDA library' });
  assert.deepEqual(absent.asked, ['cpu']);
  const broken = runtime('libcudnn.so.9: cannot open shared object file');
  const { provider, withoutGpu } = await openOn('gpu', broken.create, nothing);
  assert.equal(provider, 'cpu');
  assert.match(withoutGpu ?? '', /CUDA cannot be started: .*libcudnn\.so\.9/);
});

test('a network that does not fit the GPU is not moved to the CPU: a larger GPU can take it', async () => {
  const { asked, create } = runtime('CUDA failure 2: out of memory ; GPU=0');
  await assert.rejects(openOn('gpu', create, nothing), GpuOutOfMemory);
  assert.deepEqual(asked, ['cuda']);
});

test('the runtime of this machine says why it has no GPU', async () => {
  const file = new URL('../../../../models/phantom/model.onnx', import.meta.url).pathname;
  const opened = await openSession(file, 'gpu', 1);
  await opened.session.release();
  assert.deepEqual(
    [opened.provider, typeof opened.withoutGpu],
    opened.provider === 'cuda' ? ['cuda', 'undefined'] : ['cpu', 'string'],
  );
});

/** As ONNX Runtime reports them. */
const FAILURES: [message: string, provider: Provider, as: new (message: string) => PipelineError][] = [
  [
    'BFCArena::AllocateRawInternal: Failed to allocate memory for requested buffer of size 2147483648',
    'cuda',
    GpuOutOfMemory,
  ],
  ['CUDA failure 2: out of memory ; GPU=0', 'cuda', GpuOutOfMemory],
  ['CUDNN_STATUS_ALLOC_FAILED', 'cuda', GpuOutOfMemory],
  ['std::bad_alloc', 'cuda', OutOfMemory],
  ['std::bad_alloc', 'cpu', OutOfMemory],
  ['Failed to allocate memory for requested buffer of size 2147483648', 'cpu', OutOfMemory],
  ['CUDA failure 719: unspecified launch failure ; GPU=0', 'cuda', GpuLost],
  ['Invalid rank for input: image', 'cpu', PipelineError],
];

for (const [message, provider, as] of FAILURES)
  test(`a run on ${provider} that ends with "${message}" is a ${as.name}`, () => {
    const error = runtimeError(new Error(message), provider);
    assert.equal(error.constructor, as);
    assert.ok(error.message.includes(message));
  });
