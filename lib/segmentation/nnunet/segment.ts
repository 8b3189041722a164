import type { Volume } from '../../image/grid.ts';
import { type ArrayBox, copyBox, lengthOf, type NetworkArray, ORIGIN, permute, type Shape } from './array.ts';
import { filledMask } from './fill-holes.ts';
import { halfArray, toHalf } from './half.ts';
import { normalise } from './normalise.ts';
import { networkSpacing, type Plan } from './plans.ts';
import { type Infer, predictLogits } from './predict.ts';
import { resample, resampleLabels, shapeAt } from './resample.ts';

/** Values of voxels: 0 for background. */
export type LabelArray = Uint8Array | Uint16Array;

export interface SegmentOptions {
  /** Answers of the network for a voxel: its classes, background included, or its regions. */
  classes: number;
  /**
   * For a network of regions that may overlap: the value that each paints where it is likelier than not, over those of
   * the regions before it (nnU-Net's regions_class_order).
   */
  regionValues?: number[];
  /** What an earlier network found on the image, for the second of a cascade: each value becomes a channel. */
  previous?: { labels: LabelArray; values: number[] };
  mirrorAxes: number[];
  windowStep?: number;
  signal: AbortSignal;
}

/**
 * Segments an image as nnU-Net v2 does: axes as the network wants them, cut to what is not 0, normalised, resampled,
 * predicted in windows, and the logits resampled back before the largest decides, or each region by itself.
 * @returns the value of the class of every voxel of the image, 0 for background
 */
export async function segment(
  { grid, data }: Volume,
  plan: Plan,
  networks: Infer[],
  options: SegmentOptions,
): Promise<LabelArray> {
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
  const networkMm = networkSpacing(plan, spacingMm);
  const shape = shapeAt(cropped.shape, spacingMm, networkMm);
  const channels = [resample(cropped.data, cropped.shape, shape, spacingMm, networkMm, plan.forImage)];
  if (options.previous) {
    const turned = permute(options.previous.labels, fileShape, plan.transposeForward);
    const found = labelsInBox(turned, whole, box);
    const there = resampleLabels(found, cropped.shape, shape, spacingMm, networkMm, plan.forLabels);
    for (const value of options.previous.values)
      channels.push(Float32Array.from(there, (own) => Number(own === value)));
  }
  const images = channels.map((own) => ({ shape, data: own }));
  const logits = await predictLogits(images, plan, networks, options);
  const logitsThere = (answer: number) => {
    const own = logits(answer);
    const back = resample(own, shape, cropped.shape, networkMm, spacingMm, plan.forLogits);
    return back === own ? own : rounded(back);
  };
  const { regionValues } = options;
  const labels = regionValues ? painted(regionValues, logitsThere) : largest(options.classes, logitsThere);
  const result = emptyLike(labels, lengthOf(whole.shape));
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

/** Labels of a box, with -1 for background outside the visible image. nnU-Net resamples that as a separate label. */
function labelsInBox(labels: LabelArray, { shape, data }: NetworkArray, box: ArrayBox): Int32Array {
  const shown = filledMask(data, shape);
  const marked = Float32Array.from(labels, (label, v) => (label === 0 && shown[v] === 0 ? -1 : label));
  return Int32Array.from(crop({ shape, data: marked }, box).data);
}

function crop({ shape, data }: NetworkArray, box: ArrayBox): NetworkArray {
  const cut = new Float32Array(lengthOf(box.shape));
  copyBox({ data, shape, start: box.start }, { data: cut, shape: box.shape, start: ORIGIN }, box.shape);
  return { shape: box.shape, data: cut };
}

/** To 16 bits, in place, as nnU-Net keeps them. */
function rounded(logits: Float32Array): Float32Array {
  const line = halfArray(4096);
  for (let from = 0; from < logits.length; from += line.length) {
    const end = Math.min(line.length, logits.length - from);
    for (let v = 0; v < end; v++) line[v] = toHalf(logits[from + v]);
    for (let v = 0; v < end; v++) logits[from + v] = line[v];
  }
  return logits;
}

/** For each voxel the class with the largest logit, the first of equal ones; one class at a time is in memory. */
function largest(classes: number, logitsOf: (value: number) => Float32Array): LabelArray {
  const best = logitsOf(0).slice();
  const labels = labelArray(classes - 1, best.length);
  for (let value = 1; value < classes; value++) keepLarger(logitsOf(value), value, best, labels);
  return labels;
}

function keepLarger(one: Float32Array, value: number, best: Float32Array, labels: LabelArray): void {
  for (let v = 0; v < best.length; v++) {
    if (one[v] > best[v]) {
      best[v] = one[v];
      labels[v] = value;
    }
  }
}

/** Each region paints its value where its probability, the sigmoid of its logit in 32 bits, is above a half. */
function painted(values: number[], logitsOf: (region: number) => Float32Array): LabelArray {
  let labels: LabelArray | undefined;
  for (const [region, value] of values.entries()) {
    const logits = logitsOf(region);
    labels ??= labelArray(Math.max(...values), logits.length);
    for (let v = 0; v < logits.length; v++) {
      if (logits[v] > 0 && Math.fround(1 / (1 + Math.exp(-logits[v]))) > 0.5) labels[v] = value;
    }
  }
  return labels ?? new Uint8Array();
}

function emptyLike(labels: LabelArray, length: number): LabelArray {
  return labels instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
}

function labelArray(highest: number, voxels: number): LabelArray {
  return highest < 256 ? new Uint8Array(voxels) : new Uint16Array(voxels);
}
