import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mask, Volume, VoxelArray } from '#lib/image/grid.ts';
import { readNrrd } from '#lib/nifti/read-nrrd.ts';
import { extractFeatures } from '#lib/radiomics/pyradiomics/extract.ts';
import { parseRadiomicsSettings } from '#lib/radiomics/settings/settings.ts';
import reference from '../../../reference/pyradiomics-number-types.json' with { type: 'json' };

/** Of values that the order of sums alone makes differ. */
const RELATIVE = 1e-9;

const FEATURE_CLASSES = {
  ...{ firstorder: null, shape: ['VoxelVolume'], glcm: null, glrlm: null, glszm: null, gldm: null, ngtdm: null },
};

for (const { name, type, step, setting, imageType = { Original: {} }, values } of reference.cases) {
  test(`numbers of every type are rounded where PyRadiomics rounds them: ${name}`, () => {
    const image = imageOf(type, step);
    const mask: Mask = {
      grid: image.grid,
      box: { start: [1, 1, 1], size: [7, 6, 5] },
      data: new Uint8Array(210).fill(1),
    };
    const settings = parseRadiomicsSettings({
      setting: { additionalInfo: false, ...setting },
      featureClass: FEATURE_CLASSES,
      imageType,
    });
    const result = extractFeatures(image, mask, settings);
    assert.equal(result.status, 'ok', result.reason);
    for (const [feature, expected] of Object.entries(values)) {
      const off = Math.abs(result.values[feature] - expected);
      assert.ok(off <= RELATIVE * Math.abs(expected), `${feature}: ${result.values[feature]} instead of ${expected}`);
    }
  });
}

/** As the origin of the reference says, read from a NRRD file of the type. */
function imageOf(type: string, step: number): Volume {
  const whole = Array.from({ length: 504 }, (_, p) => ((7 * p * p + 13 * p) % 31) + 9);
  const voxels = ARRAYS[type](whole.map((value) => value * step));
  const header = `NRRD0004\ntype: ${NRRD_NAMES[type] ?? type}\ndimension: 3\nspace: LPS\nsizes: 9 8 7\nencoding: raw
endian: little\nspace directions: (1,0,0) (0,1,0) (0,0,2)\nspace origin: (0,0,0)\n\n`;
  return readNrrd(Buffer.concat([Buffer.from(header), new Uint8Array(voxels.buffer)]));
}

const ARRAYS: Record<string, (values: number[]) => VoxelArray | BigInt64Array | BigUint64Array> = {
  int8: (values) => Int8Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  int16: (values) => Int16Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  int32: (values) => Int32Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int64: (values) => BigInt64Array.from(values.map(BigInt)),
  uint64: (values) => BigUint64Array.from(values.map(BigInt)),
  float32: (values) => Float32Array.from(values),
  float64: (values) => Float64Array.from(values),
};

const NRRD_NAMES: Record<string, string> = { float32: 'float', float64: 'double' };
