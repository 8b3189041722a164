import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestEntries, manifestStore } from '#lib/store/manifest.ts';
import { memoryStore } from '#lib/store/memory.ts';

const prefix = (bucket: string, path: string) => ({ bucket, path, isPrefix: true });

test('manifests of the Imaging Data Commons are read, s5cmd and CSV, each URI once', () => {
  // As https://learn.canceridc.dev/portal/cohort-manifests shows them.
  const s5cmd = `# To download the files in this manifest, install s5cmd
# s5cmd --no-sign-request run manifest.s5cmd
cp s3://idc-open-data/6079cc3b-4b0f-41ec-bdbb-c6e754e88229/* .
cp s3://idc-open-data-cr/a1e77e5c-299f-49ef-a659-f4484e0cedd2/* .
`;
  assert.deepEqual(manifestEntries(s5cmd), [
    prefix('idc-open-data', '6079cc3b-4b0f-41ec-bdbb-c6e754e88229/'),
    prefix('idc-open-data-cr', 'a1e77e5c-299f-49ef-a659-f4484e0cedd2/'),
  ]);
  const csv =
    'PatientID,Modality,series_aws_url\r\nLUNG1-001,CT,s3://idc-open-data/a/*\r\nLUNG1-001,CT,"s3://idc-open-data/a/*"\r\n';
  assert.deepEqual(manifestEntries(csv), [prefix('idc-open-data', 'a/')]);
  assert.deepEqual(manifestEntries('{"uri":"s3://b/k.dcm"}'), [{ bucket: 'b', path: 'k.dcm', isPrefix: false }]);
});

for (const [text, message] of [
  ['PatientID,path\n1,/data/1.dcm\n', /names no s3:\/\/ URI/],
  ['s3://bucket/*/a.dcm', /only at the end of a URI/],
  ['s3://bucket/', /not a whole bucket/],
] as const)
  test(`${JSON.stringify(text)} is refused as a manifest`, () => assert.throws(() => manifestEntries(text), message));

async function buckets() {
  const stores = { a: memoryStore(), b: memoryStore() };
  for (const key of ['s1/1.dcm', 's1/2.dcm', 's2/1.dcm', 's10/1.dcm']) await stores.a.put(key, Buffer.from(`a ${key}`));
  await stores.b.put('one.dcm', Buffer.from('b one'));
  return (bucket: string) => stores[bucket as 'a'];
}

const MANIFEST = 's3://a/s1/*\ns3://b/one.dcm\ns3://a/s1/\ns3://a/gone/*\ns3://b/gone.dcm';

test('objects of several buckets form one store, and a URI without an object is reported', async () => {
  const store = manifestStore('manifest:/m', manifestEntries(MANIFEST), await buckets());
  const listed: [string, string | undefined][] = [];
  for await (const { key, blocked } of store.list('', { everything: true })) listed.push([key, blocked?.reason]);
  assert.deepEqual(listed, [
    ['a/gone/', 'not_received'],
    ['a/s1/1.dcm', undefined],
    ['a/s1/2.dcm', undefined],
    ['b/gone.dcm', 'not_received'],
    ['b/one.dcm', undefined],
  ]);
  assert.equal(Buffer.from(await store.getRange('a/s1/2.dcm', 2, 4)).toString(), 's1');
  assert.equal((await store.head('b/one.dcm'))?.key, 'b/one.dcm');
  assert.equal(await store.head('b/gone.dcm'), undefined);
});

test('objects outside the manifest do not exist, and nothing is written', async () => {
  const store = manifestStore('manifest:/m', manifestEntries(MANIFEST), await buckets());
  await assert.rejects(store.get('a/s2/1.dcm'), { name: 'StoreMissing' });
  await assert.rejects(store.put('a/s1/3.dcm', new Uint8Array()), /read-only/);
  await assert.rejects(store.delete('a/s1/1.dcm'), /read-only/);
});
