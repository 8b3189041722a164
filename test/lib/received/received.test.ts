import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceKey } from '#lib/received/instance-key.ts';
import { keepInstance } from '#lib/received/keep-instance.ts';
import { queriesOf, requireMatch } from '#lib/received/query.ts';
import { announce, explainMissing, notReceived, readReceivedList } from '#lib/received/received-list.ts';
import { memoryStore } from '#lib/store/memory.ts';

const UIDS = { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3', sopInstanceUid: '1.2.3.4' };
const bytes = (text: string) => new TextEncoder().encode(text);

test('a key consists of UIDs; a digest replaces other text', () => {
  assert.equal(instanceKey(UIDS), '1.2/1.2.3/1.2.3.4.dcm');
  const key = instanceKey({ ...UIDS, studyInstanceUid: '../../etc', seriesInstanceUid: 'DOE^JANE' });
  assert.match(key, /^no-uid-[0-9a-f]{16}\/no-uid-[0-9a-f]{16}\/1\.2\.3\.4\.dcm$/);
});

test('a file received twice is stored once; other content under the same UIDs is kept beside it', async () => {
  const store = memoryStore();
  assert.equal(await keepInstance(store, UIDS, bytes('a')), 'new');
  assert.equal(await keepInstance(store, UIDS, bytes('a')), 'same');
  assert.equal(await keepInstance(store, UIDS, bytes('b')), 'other');
  assert.equal(await keepInstance(store, UIDS, bytes('b')), 'same');
  const both = await Promise.all([keepInstance(store, UIDS, bytes('c')), keepInstance(store, UIDS, bytes('c'))]);
  assert.deepEqual(both.sort(), ['other', 'same']);
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  assert.equal(keys.length, 3);
});

test('a second fetch replaces the lines of its studies and keeps the others', async () => {
  const store = memoryStore();
  const study = (uid: string, count: number) => ({
    studyInstanceUid: uid,
    instances: [{ ...UIDS, studyInstanceUid: uid, sopClassUid: '' }],
    unlisted: [{ count }],
  });
  await announce(store, [study('1.2', 1), study('1.20', 0)]);
  await explainMissing(store, new Map([['1.20/1.2.3/1.2.3.4.dcm', 'gone']]));
  await announce(store, [study('1.2', 0)]);
  assert.deepEqual(
    notReceived(await readReceivedList(store), () => false),
    [
      { key: '1.20/1.2.3/1.2.3.4.dcm', why: 'gone' },
      { key: '1.2/1.2.3/1.2.3.4.dcm', why: 'the archive announced it, but it was not fetched: fetch again' },
    ],
  );
});

test('several attributes must all match; several values of one attribute become one query each', () => {
  assert.deepEqual(queriesOf(['PatientID=1', 'Modality = CT', 'PatientID=2']), [
    { PatientID: '1', Modality: 'CT' },
    { PatientID: '2', Modality: 'CT' },
  ]);
  assert.throws(() => queriesOf([]), /--query is missing/);
  assert.throws(() => queriesOf(['PatientID']), /Keyword=value/);
  assert.throws(() => queriesOf(['PatientId=1']), /--query cannot use PatientId/);
});

test('an instance of another patient is refused; wildcards, names and dates match by their own rules', () => {
  const answer = (value: string) => () => value;
  assert.throws(() => requireMatch({ PatientID: '1' }, answer('2')), /ignores PatientID/);
  requireMatch({ PatientID: 'a1' }, answer('A1'));
  requireMatch({ PatientID: '1*' }, answer('12'));
  requireMatch({ PatientName: 'doe' }, answer('DOE^JANE'));
  requireMatch({ PatientID: '1' }, answer(''));
});
