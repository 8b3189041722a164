import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { placeOf } from '#lib/dicomweb/place.ts';

const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-place-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('a token, or user and password, come from the environment or from files that it names', () => {
  const at = (environment: Record<string, string>) => placeOf('dicomweb:https://host/dicom-web/', environment);
  assert.equal(at({}).authorization, undefined);
  assert.equal(at({}).url.href, 'https://host/dicom-web');
  assert.equal(at({ RTPIPELINE_DICOMWEB_TOKEN: 'abc' }).authorization, 'Bearer abc');
  assert.equal(at({ RTPIPELINE_DICOMWEB_TOKEN_FILE: file('token', 'abc\n') }).authorization, 'Bearer abc');
  // RFC 7617 section 2 gives this example.
  const basic = { RTPIPELINE_DICOMWEB_USER: 'Aladdin', RTPIPELINE_DICOMWEB_PASSWORD: 'open sesame' };
  assert.equal(at(basic).authorization, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});

const WRONG: [string, Record<string, string>, RegExp][] = [
  ['dicomweb:host', {}, /not the address of a DICOMweb service/],
  ['dicomweb:ftp://host', {}, /by http or https/],
  ['dicomweb:https://me:secret@host', {}, /must not contain user or password/],
  ['dicomweb:https://host?PatientID=1', {}, /must not contain a query/],
  ['dicomweb:https://host', { RTPIPELINE_DICOMWEB_TOKEN: 'a', RTPIPELINE_DICOMWEB_USER: 'b' }, /not both/],
  ['dicomweb:https://host', { RTPIPELINE_DICOMWEB_CERT_FILE: file('cert', 'c') }, /needs both/],
  ['dicomweb:https://host', { RTPIPELINE_DICOMWEB_TOKEN_FILE: join(folder, 'none') }, /cannot be read/],
];
for (const [location, environment, message] of WRONG)
  test(`${location} with ${Object.keys(environment).join(', ') || 'nothing'} is refused, and no secret is told`, () => {
    assert.throws(
      () => placeOf(location, environment),
      (error: Error) => message.test(error.message) && !error.message.includes('secret'),
    );
  });
