import assert from 'node:assert/strict';
import { readDataSet } from '#lib/dicom/read.ts';
import type { Identity } from '#lib/received/identity.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import { fileStore } from '#lib/store/file.ts';
import { type Came, receive } from '../../cli/receive/receive.ts';
import { freePort } from '../fixtures/free-port.ts';

export const TITLE = 'RTPIPE';

type KeepInstance = Parameters<typeof receive>[0]['keep'];

export function intoFolder(out: string): KeepInstance {
  const store = fileStore(out);
  return ({ uids, file }) => keepInstance(store, uids, file);
}

/** Receives while `send` is at work; `send` is told the port. */
export async function received(
  keep: KeepInstance,
  send: (port: number) => Promise<void>,
  identity?: Identity,
): Promise<Came> {
  const port = await freePort();
  const stop = new AbortController();
  const listening = Promise.withResolvers<void>();
  const came = receive({
    title: TITLE,
    host: '127.0.0.1',
    port,
    callers: [],
    identity,
    mostAssociations: 8,
    keep,
    quietSeconds: 600,
    say: (line) => line.startsWith('listening') && listening.resolve(),
    signal: stop.signal,
  });
  await listening.promise;
  try {
    await send(port);
  } finally {
    stop.abort();
  }
  return came;
}

/** Data sets by their SOP Instance UID, without the meta headers, which each program writes in its own way. */
export async function dataSetsIn(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const store = fileStore(folder);
  for await (const { key } of store.list('')) {
    if (!key.endsWith('.dcm')) continue;
    const [uid, dataSet] = dataSetOf(await store.get(key));
    assert.ok(!found.has(uid), `${uid} is there twice`);
    found.set(uid, dataSet);
  }
  return found;
}

export function dataSetOf(file: Uint8Array): [string, string] {
  const bytes = Buffer.from(file);
  const start = 144 + bytes.readUInt32LE(140);
  return [readDataSet(file).text('SOPInstanceUID'), bytes.subarray(start).toString('base64')];
}

/** Says which differ, not the bytes of all. */
export function assertSameDataSets(found: Map<string, string>, expected: Map<string, string>): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  assert.deepEqual(
    [...expected].filter(([uid, bytes]) => found.get(uid) !== bytes).map(([uid]) => uid),
    [],
  );
}
