import type { Shape } from '../rt/contours/shape.ts';
import { type DoseSampler, doseAt } from './dose-sampler.ts';
import { type DoseRange, type DoseTally, doseTally } from './dose-tally.ts';
import { widenByNodes, widenByVertices } from './extremes.ts';
import { meanArea } from './solid/area-curve.ts';
import type { Lattice } from './solid/distance-field.ts';
import { type Cut, SectionCutter } from './solid/section-cutter.ts';
import { boundsOf, type Layer, type Solid } from './solid/solid.ts';
import { RowTally, type Slab } from './tally-rows.ts';

/**
 * Volume by dose of a solid, cut into slabs, scan lines and segments by a step.
 * @param exact the exact extremes where they are known from another step
 */
export function measureSolid(
  solid: Solid,
  sampler: DoseSampler,
  range: DoseRange,
  stepMm: number,
  exact?: DoseRange,
): DoseTally {
  const tally = doseTally(range);
  const rows = new RowTally(tally, sampler, boundsOf(solid));
  const cutter = new SectionCutter(latticeOf(solid, stepMm));
  const segmentMm = Math.min(SEGMENT_STEPS * stepMm, Math.max(stepMm, sampler.spacingMm));
  const done = new Map<Shape, number>();
  for (const layer of solid.layers) {
    const slabs = slabsOf(layer, cutter, stepMm, segmentMm);
    for (const slab of slabs) {
      if (slab.rows.x.length === 0) tallyThin(rows, tally, sampler, slab, layer.lower);
      else rows.add(slab);
    }
    if (exact) continue;
    widenByVertices(tally.exact, sampler, layer, done);
    const cuts = cutsOf(layer, cutter, slabs);
    for (let n = 0; n + 1 < cuts.length; n++) widenByNodes(tally.exact, sampler, cuts[n], cuts[n + 1]);
  }
  rows.finish();
  if (exact) tally.exact = exact;
  tally.minGy = Math.min(tally.minGy, tally.exact.minGy);
  tally.maxGy = Math.max(tally.maxGy, tally.exact.maxGy);
  return tally;
}

/** Scan lines end exactly on the border, so that their segments need only follow the dose, up to its grid. */
const SEGMENT_STEPS = 4;
/** Slabs have the right volume and the right centre of it, so that they may be thicker than scan lines are apart. */
const SLAB_STEPS = 1.5;

/**
 * Scan lines divide the height of the solid evenly, so that the first and the last represent as much as the others.
 * Those of label maps divide the pixels.
 */
function latticeOf(solid: Solid, stepMm: number): Lattice {
  const { low, high } = boundsOf(solid);
  const height = solid.pixelMm ?? high[1] - low[1];
  const step = stepMm < height ? height / Math.ceil(height / stepMm) : stepMm;
  return { originU: low[0] + step / 2, originV: low[1] + step / 2, step };
}

function slabsOf(layer: Layer, cutter: SectionCutter, stepMm: number, segmentMm: number): Slab[] {
  const height = layer.highMm - layer.lowMm;
  const count = Math.max(Math.round(height / (SLAB_STEPS * stepMm)), 1);
  const slabs: Slab[] = [];
  for (let n = 0; n < count; n++) {
    const [from, to] = [n / count, (n + 1) / count];
    const { areaMm2, centre } = meanArea(layer.area, from, to);
    if (areaMm2 === 0) continue;
    const cut = cutter.between(layer, (from + to) / 2, areaMm2);
    const [lowMm, highMm] = [layer.lowMm + height * from, layer.lowMm + height * to];
    slabs.push({ ...cut, w: layer.lowMm + height * centre, lowMm, highMm, areaMm2, segmentMm });
  }
  return slabs;
}

/** Sections through a layer from its lower to its upper end: what lies in two that follow each other lies between. */
function cutsOf(layer: Layer, cutter: SectionCutter, slabs: Slab[]): Cut[] {
  const plane = (shape: Shape, w: number) => ({ ...cutter.straight(shape), w });
  if (layer.tip) {
    const { contourAt } = layer.tip;
    return contourAt === 'low'
      ? [plane(layer.lower, layer.lowMm), ...slabs]
      : [...slabs, plane(layer.lower, layer.highMm)];
  }
  const lower = plane(layer.lower, layer.lowMm);
  const upper = plane(layer.upper ?? layer.lower, layer.highMm);
  return layer.upper ? [lower, ...slabs, upper] : [lower, upper];
}

/** A shape that lies between two scan lines is taken at its middle. */
function tallyThin(rows: RowTally, tally: DoseTally, sampler: DoseSampler, slab: Slab, shape: Shape): void {
  const dose = doseAt(sampler, (shape.minU + shape.maxU) / 2, (shape.minV + shape.maxV) / 2, slab.w);
  const volumeCc = (slab.areaMm2 * (slab.highMm - slab.lowMm)) / 1000;
  if (Number.isNaN(dose)) tally.outsideCc += volumeCc;
  else rows.addPoint(dose, volumeCc);
}
