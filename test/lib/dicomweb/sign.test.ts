import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_OPTIONS, dicomwebClient } from '#lib/dicomweb/client.ts';
import { placeOf } from '#lib/dicomweb/place.ts';
import { type SignedRequest, type Signing, signedHeaders } from '#lib/dicomweb/sign.ts';
import { archivedFiles } from '../../fixtures/archived-files.ts';
import { startDicomweb } from '../../fixtures/dicomweb-server.ts';

const STORE = 'https://dicom-medical-imaging.eu-west-1.amazonaws.com/datastore/d9a2a515ab294163a2d2f4069eed584c';
const credentials = async () => ({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session',
});
const signing: Signing = { service: 'medical-imaging', region: 'eu-west-1', credentials };

/** What botocore 1.44.8 (`SigV4Auth`) signs for the same requests at 2026-11-30 12:00:00 UTC. */
const SIGNATURES: (Omit<SignedRequest, 'url'> & { url: string; signature: string })[] = [
  {
    method: 'GET',
    url: `${STORE}/studies?PatientID=A%20B%2A&includefield=00201208&limit=500&offset=0`,
    headers: { Accept: 'application/dicom+json', 'Accept-Encoding': 'identity' },
    signature: '2175ab24c591cca35b6615bf43d8ce15d7bd135af63b3681331d71f561e17477',
  },
  {
    method: 'POST',
    url: `${STORE}/studies`,
    headers: {
      Accept: 'application/dicom+json',
      'Content-Type': 'multipart/related; type="application/dicom"; boundary=b',
    },
    body: new TextEncoder().encode('abc'),
    signature: 'c1b3d2bda795ae2e79f54ea03bc2c12e094cda65ec8298439401a98787030f46',
  },
];

for (const { signature, url, ...request } of SIGNATURES)
  test(`a ${request.method} is signed as botocore signs it`, async () => {
    const at = new Date('2026-11-30T12:00:00Z');
    const { authorization } = await signedHeaders(signing, { ...request, url: new URL(url) }, at);
    assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261130\/eu-west-1\/medical-imaging\//);
    assert.equal(/Signature=(\w+)/.exec(authorization)?.[1], signature);
  });

test('HealthImaging requests are signed and ask for uncompressed pixels; a configured token takes precedence', () => {
  const { dialect } = placeOf(`dicomweb:${STORE}`, {});
  assert.deepEqual(dialect.signing, { service: 'medical-imaging', region: 'eu-west-1' });
  assert.match(dialect.instance, /^application\/dicom; transfer-syntax=1\.2\.840\.10008\.1\.2\.1$/);
  assert.equal(placeOf('dicomweb:https://host', {}).dialect.signing, undefined);
});

test('the server receives a valid signature of the request, or the token instead', async () => {
  const server = await startDicomweb(archivedFiles('4711', 1, 1));
  const dialect = { ...server.place.dialect, signing };
  const client = dicomwebClient({ ...server.place, dialect }, DEFAULT_OPTIONS);
  await client.send({ path: '/studies?PatientID=A+B%2A&limit=500', accept: 'application/dicom+json' });
  const { authorization = '', 'x-amz-date': date, host } = server.headers as Record<string, string>;
  const [, year, month, day, hour, minute, second] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(date) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const url = new URL(`http://${host}${server.asked.at(-1)}`);
  assert.match(url.search, /PatientID=A%20B%2A/);
  const headers = { Accept: 'application/dicom+json', 'Accept-Encoding': 'identity' };
  const expected = await signedHeaders(signing, { method: 'GET', url, headers }, at);
  assert.equal(authorization, expected.authorization);
  const known = dicomwebClient({ ...server.place, dialect, authorization: 'Bearer abc' }, DEFAULT_OPTIONS);
  await known.send({ path: '/studies?limit=500', accept: 'application/dicom+json' });
  assert.equal(server.headers.authorization, 'Bearer abc');
  client.close();
  known.close();
  await server.close();
});
