import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { parseConfig, secretKeys } from '#lib/config.ts';
import { pseudonyms } from '#lib/deidentify/pseudonyms.ts';
import { patientPseudonym } from '#lib/pseudonym.ts';
import { keyedDigest, redacted, secretsSet, withoutSecrets, withoutSecretValues } from '#lib/secrets.ts';

const SECRETS = { organize: { course_salt: 'correct horse' }, segmentation: { license: 'aca_ABCDEFGHIJKLMN' } };

test('every secret in the configuration is marked in the schema', () => {
  assert.deepEqual(secretKeys(), ['organize.course_salt', 'segmentation.license']);
});

test('a shown configuration has digests for secrets, equal for equal secrets, and the rest unchanged', () => {
  const config = parseConfig({ ...SECRETS, workers: 3 });
  const shown = redacted(config);
  assert.match(shown.organize.course_salt ?? '', /^scrypt:[0-9a-f]{12}$/);
  assert.ok(!/correct horse|aca_/.test(JSON.stringify(shown)));
  assert.deepEqual(redacted(parseConfig({ ...SECRETS, workers: 3 })), shown);
  assert.notEqual(
    redacted(parseConfig({ organize: { course_salt: 'wrong' } })).organize.course_salt,
    shown.organize.course_salt,
  );
  assert.deepEqual({ ...shown, organize: config.organize, segmentation: config.segmentation }, config);
  assert.deepEqual(redacted(shown), shown, 'shown twice is shown once');
});

test('an unset secret is shown as unset', () => {
  assert.deepEqual(redacted(parseConfig({})), parseConfig({}));
  assert.deepEqual(secretsSet(parseConfig({})), []);
  assert.deepEqual(
    secretsSet(parseConfig(SECRETS)).map(({ key }) => key),
    ['organize.course_salt', 'segmentation.license'],
  );
  assert.deepEqual(withoutSecretValues(parseConfig(SECRETS)), parseConfig({}));
});

test('a shown digest is refused as a secret', () => {
  const shown = redacted(parseConfig(SECRETS));
  assert.throws(() => parseConfig(shown), {
    name: 'BadConfig',
    message: /course_salt: is the digest that rtpipeline shows/,
  });
});

test('secrets are removed from the output of a program', () => {
  assert.equal(
    withoutSecrets('licence aca_1 is not valid: aca_1', ['aca_1', '']),
    'licence (secret) is not valid: (secret)',
  );
});

test('organize and deidentify give a patient the same 128-bit pseudonym under the same key', () => {
  const key = '0123456789abcdef'.repeat(4);
  const digest = keyedDigest(key);
  // RFC 2104 by node:crypto, the key as the 32 bytes that the digits stand for.
  const expected = createHmac('sha256', Buffer.from(key, 'hex')).update('patient\nRTP-001').digest('hex').slice(0, 32);
  assert.equal(
    patientPseudonym(' RTP-001 ', (text) => Buffer.from(digest(text)).toString('hex')),
    `P-${expected}`,
  );
  assert.equal(pseudonyms(digest).patient('RTP-001'), `P-${expected}`);
});
