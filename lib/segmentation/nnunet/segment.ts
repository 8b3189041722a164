import type { Volume } from '../../image/grid.ts';
import { type ArrayBox, copyBox, lengthOf, type NetworkArray, ORIGIN, permute, type Shape } from './array.ts';
import { filledMask } from './fill-holes.ts';
import { normalise } from './normalise.ts';
import type { Plan } from './plans.ts';
import { type Infer, predictLogits } from './predict.ts';
import { resample, shapeAt } from './resample.ts';

export interface SegmentOptions {
  /** Classes of the network, background included. */
  classes: number;
  mirrorAxes: number[];
  signal: AbortSignal;
}

/**
 * Segments an image as nnU-Net v2 does: axes as the network wants them, cut to what is not 0, normalised, resampled,
 * predicted in windows, and the logits resampled back before the largest decides.
 * @returns the value of the class of every voxel of the image, 0 for background
 */
export async function segment(
  { grid, data }: Volume,
  plan: Plan,
  networks: Infer[],
  options: SegmentOptions,
): Promise<Uint8Array> {
  const fileShape: Shape = [grid.size[2], grid.size[1], grid.size[0]];
  const fileSpacing: Shape = [grid.spacingMm[2], grid.spacingMm[1], grid.spacingMm[0]];
  const whole = {
    shape: plan.transposeForward.map((axis) => fileShape[axis]) as Shape,
    data: permute(Float32Array.from(data), fileShape, plan.transposeForward),
  };
  const spacingMm = plan.transposeForward.map((axis) => fileSpacing[axis]) as Shape;
  const box = nonzeroBox(whole);
  const cropped = crop(whole, box);
  const mask = plan.useMask
    ? crop({ ...whole, data: Float32Array.from(filledMask(whole.data, whole.shape)) }, box)
    : undefined;
  normalise(cropped.data, mask && Uint8Array.from(mask.data), plan);
  const shape = shapeAt(cropped.shape, spacingMm, plan.spacingMm);
  const resampled = resample(cropped.data, cropped.shape, shape, spacingMm, plan.spacingMm, plan.forImage);
  const logits = await predictLogits({ shape, data: resampled }, plan, networks, options);
  const labels = largest(logits, (one) =>
    resample(one, shape, cropped.shape, plan.spacingMm, spacingMm, plan.forLogits).map(Math.f16round),
  );
  const result = new Uint8Array(lengthOf(whole.shape));
  copyBox(
    { data: labels, shape: cropped.shape, start: ORIGIN },
    { data: result, shape: whole.shape, start: box.start },
    box.shape,
  );
  return permute(result, whole.shape, plan.transposeBackward);
}

/** The smallest box around all that is not 0; the whole image when everything is. */
function nonzeroBox({ shape, data }: NetworkArray): ArrayBox {
  const low: Shape = [...shape];
  const high: Shape = [-1, -1, -1];
  for (let a = 0, at = 0; a < shape[0]; a++) {
    for (let b = 0; b < shape[1]; b++) {
      for (let c = 0; c < shape[2]; c++, at++) {
        if (data[at] === 0) continue;
        if (a < low[0]) low[0] = a;
        if (b < low[1]) low[1] = b;
        if (c < low[2]) low[2] = c;
        if (a > high[0]) high[0] = a;
        if (b > high[1]) high[1] = b;
        if (c > high[2]) high[2] = c;
      }
    }
  }
  if (high[0] < 0) return { start: ORIGIN, shape };
  return { start: low, shape: high.map((last, axis) => last - low[axis] + 1) as Shape };
}

function crop({ shape, data }: NetworkArray, box: ArrayBox): NetworkArray {
  const cut = new Float32Array(lengthOf(box.shape));
  copyBox({ data, shape, start: box.start }, { data: cut, shape: box.shape, start: ORIGIN }, box.shape);
  return { shape: box.shape, data: cut };
}

/** For each voxel the class with the largest logit, the first of equal ones; one class at a time is brought to size. */
function largest(logits: Float32Array[], toSize: (logits: Float32Array) => Float32Array): Uint8Array {
  const best = toSize(logits[0]).slice();
  const labels = new Uint8Array(best.length);
  for (let value = 1; value < logits.length; value++) {
    const one = toSize(logits[value]);
    for (let v = 0; v < best.length; v++) {
      if (one[v] > best[v]) {
        best[v] = one[v];
        labels[v] = value;
      }
    }
  }
  return labels;
}
