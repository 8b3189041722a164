import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectStore } from '#lib/store/store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

/** What every store must do; `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<ObjectStore>): void {
  const it = (title: string, body: (store: ObjectStore) => Promise<void>) =>
    test(`${name}: ${title}`, async () => body(await open()));

  it('returns what was stored, also under a key in another script', async (store) => {
    for (const key of ['a', 'deep/er/key', 'ünï/ключ/鍵 with space']) {
      await store.put(key, bytes(key));
      assert.equal(text(await store.get(key)), key);
    }
  });

  it('overwrites, unless told to create only', async (store) => {
    await store.put('k', bytes('one'));
    await store.put('k', bytes('two'));
    await assert.rejects(store.put('k', bytes('three'), { ifAbsent: true }), { name: 'StoreConflict' });
    assert.equal(text(await store.get('k')), 'two');
    await store.put('new', bytes('x'), { ifAbsent: true });
    assert.equal(text(await store.get('new')), 'x');
  });

  it('writes an object from pieces, and writes nothing when a piece fails', async (store) => {
    async function* pieces(last: () => Uint8Array) {
      yield bytes('one, ');
      yield bytes('two, ');
      yield last();
    }
    const broken = () => {
      throw new Error('no third');
    };
    await store.putPieces(
      'deep/er/whole',
      pieces(() => bytes('three')),
    );
    assert.equal(text(await store.get('deep/er/whole')), 'one, two, three');
    await assert.rejects(store.putPieces('deep/er/half', pieces(broken)), /no third/);
    await assert.rejects(store.putPieces('deep/er/whole', pieces(broken)), /no third/);
    assert.equal(text(await store.get('deep/er/whole')), 'one, two, three');
    assert.deepEqual(
      (await Array.fromAsync(store.list('deep/', { everything: true }))).map(({ key }) => key),
      ['deep/er/whole'],
    );
  });

  it('lets exactly one of many creators win', async (store) => {
    const tries = Array.from({ length: 8 }, (_, i) => store.put('race', bytes(`${i}`), { ifAbsent: true }));
    const results = await Promise.allSettled(tries);
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1);
  });

  it('reads byte ranges, cut at the end of the object', async (store) => {
    await store.put('r', bytes('0123456789'));
    assert.equal(text(await store.getRange('r', 2, 5)), '234');
    assert.equal(text(await store.getRange('r', 8, 100)), '89');
    assert.equal((await store.getRange('r', 100, 200)).length, 0);
    assert.equal((await store.getRange('r', 4, 4)).length, 0);
  });

  it('names the missing key', async (store) => {
    await assert.rejects(store.get('no/where'), { name: 'StoreMissing', where: 'no/where' });
    await assert.rejects(store.getRange('no/where', 0, 4), { name: 'StoreMissing' });
    assert.equal(await store.head('no/where'), undefined);
    await store.delete('no/where');
  });

  it('reports size and a version that changes with the content', async (store) => {
    await store.put('h', bytes('abc'));
    const before = await store.head('h');
    await store.put('h', bytes('abcd'));
    const after = await store.head('h');
    assert.equal(before?.bytes, 3);
    assert.equal(after?.bytes, 4);
    assert.notEqual(before?.version, after?.version);
  });

  it('lists by prefix in byte order of the keys', async (store) => {
    for (const key of ['b', 'a/2', 'a/10', 'a.b', 'ab/1', 'a/ü', 'a/z/1']) await store.put(key, bytes('x'));
    assert.deepEqual(await keysOf(store, ''), ['a.b', 'a/10', 'a/2', 'a/z/1', 'a/ü', 'ab/1', 'b']);
    assert.deepEqual(await keysOf(store, 'a/'), ['a/10', 'a/2', 'a/z/1', 'a/ü']);
    assert.deepEqual(await keysOf(store, 'a'), ['a.b', 'a/10', 'a/2', 'a/z/1', 'a/ü', 'ab/1']);
    assert.deepEqual(await keysOf(store, 'nothing/'), []);
  });

  it('no longer lists or reads a deleted object', async (store) => {
    await store.put('d', bytes('x'));
    await store.delete('d');
    assert.equal(await store.head('d'), undefined);
  });
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}
