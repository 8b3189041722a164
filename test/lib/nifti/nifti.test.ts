import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Grid, type VoxelArray, voxelCount } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { ODD_GRIDS } from '#test/fixtures/masks.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';
import peers from '../../reference/nifti-peers.json' with { type: 'json' };

/** Geometry stands in 32-bit floats. */
const FLOAT32 = 2e-7;

for (const peer of peers.files) {
  test(`a nibabel file reads as ITK reads it: ${peer.name}`, () => {
    for (const bytes of [Buffer.from(peer.file, 'base64'), gunzipSync(Buffer.from(peer.file, 'base64'))]) {
      const { grid, data } = readNifti(bytes);
      assert.deepEqual(grid.size, peer.size);
      assertClose(grid.originMm, peer.originMm);
      assertClose(grid.spacingMm, peer.spacingMm);
      assertClose(grid.direction, peer.direction);
      assertClose([...data.slice(0, 6)], peer.values);
      assert.ok(Math.abs(Array.from(data).reduce((sum, value) => sum + value, 0) - peer.sum) < 1e-4);
    }
  });
}

for (const peer of peers.scaled.files) {
  test(`scaled intensities have ITK's type and digits: ${peer.name}`, () => {
    const { data } = readNifti(Buffer.from(peer.file, 'base64'));
    assert.equal(data.constructor, peer.type === '64-bit float' ? Float64Array : Float32Array);
    assert.deepEqual([...data], peer.values);
  });
}

for (const peer of peers.forms.files) {
  test(`a contradictory header is read as nibabel reads it, with a finding: ${peer.name}`, () => {
    const { grid, findings } = readNifti(Buffer.from(peer.file, 'base64'));
    assertClose(grid.originMm, peer.originMm);
    assertClose(grid.spacingMm, peer.spacingMm);
    assert.deepEqual(
      findings.map(({ code }) => code),
      peer.finding === null ? [] : [peer.finding],
    );
  });
}

for (const [name, grid] of Object.entries(ODD_GRIDS).filter(([, { sliceOffsetsMm }]) => !sliceOffsetsMm)) {
  test(`a volume survives .nii and .nii.gz, by sform and by qform alone: ${name}`, () => {
    const volume = { grid, data: ramp(new Int16Array(voxelCount(grid))) };
    const plain = writeNifti(volume, false);
    for (const bytes of [plain, writeNifti(volume, true), withoutSform(plain)]) {
      const back = readNifti(bytes);
      assert.deepEqual(back.grid.size, grid.size);
      assertClose(back.grid.originMm, grid.originMm);
      assertClose(back.grid.spacingMm, grid.spacingMm);
      assertClose(back.grid.direction, grid.direction);
      assert.deepEqual(back.data, volume.data);
    }
  });
}

test('every voxel type survives writing and reading', () => {
  const types = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];
  for (const Type of types) {
    const data: VoxelArray = ramp(new Type(17 * 13 * 9));
    assert.deepEqual(readNifti(writeNifti({ grid: ODD_GRIDS.axial, data }, true)).data, data);
  }
});

test('a 64-bit integer that does not fit 32 bits is refused rather than rounded', () => {
  const bytes = writeNifti({ grid: { ...ODD_GRIDS.axial, size: [1, 1, 1] }, data: new Float64Array(1) }, false);
  const view = new DataView(bytes.buffer);
  view.setInt16(70, 1024, true);
  view.setBigInt64(352, -7n, true);
  assert.deepEqual(readNifti(bytes).data, Int32Array.of(-7));
  view.setBigInt64(352, 5_000_000_000n, true);
  assert.throws(() => readNifti(bytes), { name: 'BadInput', message: /5000000000 does not fit 32 bits/ });
});

test('without qform and sform the voxels run along R, A, S as nifti1.h says', () => {
  const bytes = writeNifti({ grid: ODD_GRIDS.oblique, data: new Uint8Array(voxelCount(ODD_GRIDS.oblique)) }, false);
  bytes.fill(0, 252, 256);
  const { grid } = readNifti(bytes);
  assert.deepEqual(grid.direction.map(Math.abs), IDENTITY);
  assert.deepEqual([grid.direction[0], grid.direction[4], grid.direction[8]], [-1, -1, 1]);
});

test('images that NIfTI cannot hold are refused when writing', () => {
  const data = new Uint8Array(17 * 13 * 9);
  assert.throws(() => writeNifti({ grid: ODD_GRIDS['axial, uneven'], data }, false), /uneven slices/);
  const long: Grid = { ...ODD_GRIDS.axial, size: [40_000, 1, 1] };
  assert.throws(() => writeNifti({ grid: long, data: new Uint8Array(40_000) }, false), /too large/);
});

test('an unreadable NIfTI is refused', () => {
  const good = writeNifti({ grid: ODD_GRIDS.axial, data: new Int16Array(17 * 13 * 9) }, false);
  const sheared = good.slice();
  new DataView(sheared.buffer).setFloat32(284, 0.4, true);
  const colour = good.slice();
  new DataView(colour.buffer).setInt16(70, 128, true);
  const fourDimensional = good.slice();
  new DataView(fourDimensional.buffer).setInt16(40, 4, true);
  new DataView(fourDimensional.buffer).setInt16(48, 2, true);
  const cases: [Uint8Array, RegExp][] = [
    [sheared, /not perpendicular/],
    [colour, /datatype 128/],
    [fourDimensional, /4 dimensions/],
    [good.slice(0, 1000), /ends early/],
    [new TextEncoder().encode('not an image'.repeat(50)), /not a NIfTI/],
    [Uint8Array.of(0x1f, 0x8b, 1, 2, 3), /gzip file is broken/],
  ];
  for (const [bytes, message] of cases) assert.throws(() => readNifti(bytes), { name: 'BadInput', message });
});

test('the grid of a public file matches its DICOM series', (context) => {
  const path = sharedPath('data/ibsi-ct-phantom/nifti/image/phantom.nii.gz');
  if (!path) return context.skip(String(absent('data/ibsi-ct-phantom')));
  const { grid, data } = readNifti(readFileSync(path));
  assert.deepEqual(grid.size, [204, 201, 60]);
  assertClose(grid.spacingMm, [0.977, 0.977, 3]);
  assert.deepEqual(grid.direction, IDENTITY);
  assert.equal(data.length, 204 * 201 * 60);
});

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let n = 0; n < expected.length; n++) {
    const difference = Math.abs(actual[n] - expected[n]);
    assert.ok(difference <= FLOAT32 * Math.max(1, Math.abs(expected[n])) * 2, `${actual[n]} is not ${expected[n]}`);
  }
}

function ramp<T extends VoxelArray>(data: T): T {
  for (let v = 0; v < data.length; v++) data[v] = (v * 37) % 251;
  return data;
}

function withoutSform(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0, 254, 256);
  return copy;
}
