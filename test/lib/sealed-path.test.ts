import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSealed, pathSeal } from '#lib/sealed-path.ts';

const seal = pathSeal('secret of the run');

test('a sealed path reveals nothing, can be opened, and is the same each time', () => {
  for (const path of ['MILLER^ANN/1.dcm', 'unpacked:0a/Müller ö.dcm', '', 'x'.repeat(5000)]) {
    const sealed = seal.seal(path);
    assert.ok(isSealed(sealed) && /^[\w-]+$/.test(sealed));
    assert.equal(seal.open(sealed), path);
    assert.equal(pathSeal('secret of the run').seal(path), sealed);
  }
  assert.notEqual(seal.seal('a'), seal.seal('b'));
});

test('another secret or a changed letter opens nothing', () => {
  const sealed = seal.seal('MILLER^ANN/1.dcm');
  assert.throws(() => pathSeal('another').open(sealed), /another secret encrypted/);
  assert.throws(() => seal.open(`${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`), /another secret/);
});

test('no upload path is mistaken for a sealed one', () => {
  for (const path of ['file-1', 'files/000001', 'file-of-a-patient.dcm', '']) assert.ok(!isSealed(path), path);
});
