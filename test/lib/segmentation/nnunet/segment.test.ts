import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadConfig } from '#lib/errors.ts';
import type { Volume } from '#lib/image/grid.ts';
import { IDENTITY } from '#lib/math/vec3.ts';
import { filledMask } from '#lib/segmentation/nnunet/fill-holes.ts';
import { normalise } from '#lib/segmentation/nnunet/normalise.ts';
import { type Plan, readPlan } from '#lib/segmentation/nnunet/plans.ts';
import type { Infer, Logits } from '#lib/segmentation/nnunet/predict.ts';
import { segment } from '#lib/segmentation/nnunet/segment.ts';

const PATCH: [number, number, number] = [4, 6, 8];

function planOf(more: Partial<Plan> = {}): Plan {
  return {
    patch: PATCH,
    isFlat: false,
    features: 32,
    spacingMm: [3, 2, 2],
    normalisation: 'NoNormalization',
    useMask: false,
    forImage: { order: 3, separate: null },
    forLogits: { order: 1, separate: null },
    forLabels: { order: 1, separate: null },
    transposeForward: [0, 1, 2],
    transposeBackward: [0, 1, 2],
    ...more,
  };
}

/** Slabs of 1 and 3 along the slices in a frame of zeros. */
function slabs(): Volume {
  const size: [number, number, number] = [14, 12, 10];
  const data = new Int16Array(14 * 12 * 10);
  for (let k = 1; k < 9; k++) {
    for (let j = 2; j < 11; j++) for (let i = 3; i < 13; i++) data[i + 14 * (j + 12 * k)] = k < 5 ? 1 : 3;
  }
  return { grid: { size, spacingMm: [2, 2, 3], originMm: [0, 0, 0], direction: IDENTITY }, data };
}

type Answer = (patch: Float32Array) => Promise<Logits>;

/** A network that gives all its logits at once. */
function whole(answer: Answer): Infer {
  return async (patch, take) => take(await answer(patch), 0);
}

/** A network that answers by the brightness of each voxel alone: class 1 near 1, class 2 near 3. */
const byBrightness: Answer = async (patch) => {
  const logits = new Float32Array(3 * patch.length);
  patch.forEach((value, v) => {
    logits[v] = -Math.abs(value);
    logits[patch.length + v] = -Math.abs(value - 1);
    logits[2 * patch.length + v] = -Math.abs(value - 3);
  });
  return logits;
};

const options = { classes: 3, mirrorAxes: [] as number[], signal: new AbortController().signal };

test('each voxel gets its own result back through crop, windows, padding and axis order', async () => {
  const image = slabs();
  const expected = Uint8Array.from(image.data, (value) => (value === 3 ? 2 : value));
  const plans: [string, Partial<Plan>, number[]][] = [
    ['plain', {}, []],
    ['mirrored', {}, [0, 1, 2]],
    ['mirrored along one axis', {}, [1]],
    ['larger patch than image', { patch: [16, 20, 20] }, []],
    ['axes turned', { transposeForward: [2, 0, 1], transposeBackward: [1, 2, 0], spacingMm: [2, 3, 2] }, [0]],
  ];
  for (const [name, plan, mirrorAxes] of plans) {
    const found = await segment(image, planOf(plan), [whole(byBrightness)], { ...options, mirrorAxes });
    assert.deepEqual(found, expected, name);
  }
});

test('a 2D network sees each slice separately, at the slice distance', async () => {
  const image = slabs();
  const expected = Uint8Array.from(image.data, (value) => (value === 3 ? 2 : value));
  const plan = planOf({ patch: [1, 6, 8], isFlat: true, spacingMm: [null, 2, 2] });
  const windows = new Set<number>();
  const infer: Answer = (patch) => {
    windows.add(patch.length);
    return byBrightness(patch);
  };
  for (const mirrorAxes of [[], [0, 1]])
    assert.deepEqual(await segment(image, plan, [whole(infer)], { ...options, mirrorAxes }), expected);
  assert.deepEqual([...windows], [48]);
});

test('the second network of a cascade sees each label of the first as a channel', async () => {
  const image = slabs();
  const previous = Uint8Array.from(image.data, (_, v) => (v % 14 < 7 ? 2 : 1));
  const byPrevious: Answer = async (patch) => {
    const voxels = patch.length / 3;
    const logits = new Float32Array(3 * voxels);
    logits.set(patch.subarray(voxels), voxels);
    return logits;
  };
  const found = await segment(image, planOf(), [whole(byPrevious)], {
    ...options,
    previous: { labels: previous, values: [1, 2] },
  });
  const inBox = (v: number) => image.data[v] !== 0;
  assert.ok(found.every((value, v) => value === (inBox(v) ? previous[v] : 0)));
});

test('a region overwrites earlier regions where its probability exceeds one half', async () => {
  const image = slabs();
  const regions: Answer = async (patch) => {
    const logits = new Float32Array(2 * patch.length);
    patch.forEach((value, v) => {
      logits[v] = value > 0 ? 4 : -4;
      logits[patch.length + v] = value > 2 ? 1 : -1;
    });
    return logits;
  };
  const found = await segment(image, planOf(), [whole(regions)], { ...options, classes: 2, regionValues: [7, 5] });
  assert.deepEqual(
    found,
    Uint8Array.from(image.data, (value) => (value === 3 ? 5 : value === 1 ? 7 : 0)),
  );
});

test('the results of several folds are averaged', async () => {
  const sure: Answer = async (patch) => (await byBrightness(patch)).map((value) => 3 * value) as Float32Array;
  const wrong: Answer = async (patch) => (await byBrightness(patch)).map((value) => -value) as Float32Array;
  const image = slabs();
  const expected = Uint8Array.from(image.data, (value) => (value === 3 ? 2 : value));
  assert.deepEqual(await segment(image, planOf(), [whole(sure), whole(wrong)], options), expected);
});

test('a network may give its classes in parts', async () => {
  const inParts: Infer = async (patch, take) => {
    const logits = await byBrightness(patch);
    take(logits.subarray(0, patch.length), 0);
    take(logits.subarray(patch.length), 1);
  };
  const image = slabs();
  const expected = Uint8Array.from(image.data, (value) => (value === 3 ? 2 : value));
  for (const mirrorAxes of [[], [1]])
    assert.deepEqual(await segment(image, planOf(), [inParts], { ...options, mirrorAxes }), expected);
});

test('a network trained with mirroring runs for all combinations of the axes', async () => {
  let calls = 0;
  const counting: Answer = (patch) => {
    calls++;
    return byBrightness(patch);
  };
  const plan = planOf({ patch: [10, 12, 14] });
  await segment(slabs(), plan, [whole(counting)], { ...options, mirrorAxes: [0, 2] });
  assert.equal(calls, 4);
});

test('CT is clipped and scaled, MR standardised within the mask or as a whole', () => {
  const intensities = { mean: 10, std: 20, percentile_00_5: -30, percentile_99_5: 50 };
  const ct = Float32Array.from([-1000, -30, 10, 50, 3000]);
  normalise(ct, undefined, planOf({ normalisation: 'CTNormalization', intensities }));
  assert.deepEqual([...ct], [-2, -2, 0, 2, 2]);
  const mr = Float32Array.from([0, 2, 4, 6, 8]);
  normalise(mr, undefined, planOf({ normalisation: 'ZScoreNormalization' }));
  const expected = [-Math.SQRT2, -Math.SQRT1_2, 0, Math.SQRT1_2, Math.SQRT2];
  for (const [v, value] of mr.entries()) assert.ok(Math.abs(value - expected[v]) < 1e-6);
  const masked = Float32Array.from([0, 2, 4, 0]);
  normalise(masked, Uint8Array.from([0, 1, 1, 0]), planOf({ normalisation: 'ZScoreNormalization', useMask: true }));
  assert.deepEqual([...masked], [0, -1, 1, 0]);
  assert.throws(() => normalise(ct, undefined, planOf({ normalisation: 'CTNormalization' })), BadConfig);
});

test('enclosed holes belong to the mask, open ones do not', () => {
  const data = new Float32Array(125).fill(1);
  const at = (a: number, b: number, c: number) => c + 5 * (b + 5 * a);
  for (const hole of [at(2, 2, 2), at(0, 2, 2), at(1, 2, 2)]) data[hole] = 0;
  const open = filledMask(data, [5, 5, 5]);
  assert.deepEqual([open[at(2, 2, 2)], open[at(1, 2, 2)], open[at(0, 2, 2)]], [0, 0, 0]);
  data[at(0, 2, 2)] = 1;
  const closed = filledMask(data, [5, 5, 5]);
  assert.deepEqual([closed[at(2, 2, 2)], closed[at(1, 2, 2)]], [1, 1]);
});

test('unsupported plans are refused by name', () => {
  const settings = { patch_size: [8, 8, 8], spacing: [1, 1, 1], normalization_schemes: ['CTNormalization'] };
  const plans = (configuration: object) => ({
    configurations: { '3d_fullres': { ...settings, ...configuration } },
    transpose_forward: [0, 1, 2],
    transpose_backward: [0, 1, 2],
    foreground_intensity_properties_per_channel: {},
  });
  assert.deepEqual(readPlan(plans({}), '3d_fullres').patch, [8, 8, 8]);
  const cases: [object, string, RegExp][] = [
    [{}, '2d', /configuration 2d does not exist/],
    [{ patch_size: [8], spacing: [1] }, '3d_fullres', /two or three axes/],
    [{ normalization_schemes: ['Own'] }, '3d_fullres', /normalisation Own/],
    [{ normalization_schemes: ['a', 'b'] }, '3d_fullres', /several channels/],
    [{ resampling_fn_data: 'resample_torch' }, '3d_fullres', /resample_torch/],
  ];
  for (const [configuration, name, message] of cases)
    assert.throws(() => readPlan(plans(configuration), name), message);
});
