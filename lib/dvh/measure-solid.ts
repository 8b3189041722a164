import { blendShapes } from './blend-shapes.ts';
import { type DistanceField, distanceField, type Lattice } from './distance-field.ts';
import { type DoseSampler, doseAt } from './dose-sampler.ts';
import { addPoint, type DoseTally, doseTally } from './dose-tally.ts';
import { tallyNodes, tallyVertices } from './extremes.ts';
import { scanRows } from './scan-rows.ts';
import type { Shape } from './shape.ts';
import { boundsOf, type Layer, meanAreaMm2, type Solid, volumeCentre } from './solid.ts';
import { type Slab, tallyRows } from './tally-rows.ts';

/** Volume by dose of a solid, cut into slabs, scan lines and segments of at most a step. */
export function measureSolid(
  solid: Solid,
  sampler: DoseSampler,
  range: { minGy: number; maxGy: number },
  stepMm: number,
): DoseTally {
  const tally = doseTally(range);
  const lattice = latticeOf(solid, stepMm);
  const fields = new Map<Shape, DistanceField>();
  const segmentMm = Math.min(SEGMENT_STEPS * stepMm, Math.max(stepMm, sampler.spacingMm));
  const done = new Map<Shape, number>();
  for (const layer of solid.layers) {
    tallyVertices(tally, sampler, layer, done);
    for (const slab of slabsOf(layer, lattice, stepMm, segmentMm, fields)) {
      if (slab.rows.x.length === 0) tallyThin(tally, sampler, slab, layer.lower);
      else tallyRows(tally, sampler, slab);
      tallyNodes(tally, sampler, slab);
    }
  }
  return tally;
}

/**
 * Scan lines share out the height of the solid evenly, so that the first and the last stand for as much as the others;
 * those of label maps share out the pixels.
 */
function latticeOf(solid: Solid, stepMm: number): Lattice {
  const { low, high } = boundsOf(solid);
  const height = solid.pixelMm ?? high[1] - low[1];
  const step = stepMm < height ? height / Math.ceil(height / stepMm) : stepMm;
  return { originU: low[0] + step / 2, originV: low[1] + step / 2, step };
}

/** Scan lines end exactly on the border, so that their segments need only follow the dose, up to its grid. */
const SEGMENT_STEPS = 4;

/** Slabs have the right volume and the right centre of it, so that they may be thicker than scan lines are apart. */
const SLAB_STEPS = 1.5;

/** The slabs of a layer from below; distance fields are kept while their plane is in reach. */
function* slabsOf(
  layer: Layer,
  lattice: Lattice,
  stepMm: number,
  segmentMm: number,
  fields: Map<Shape, DistanceField>,
): Generator<Slab> {
  const height = layer.highMm - layer.lowMm;
  const count = Math.max(Math.ceil(height / (SLAB_STEPS * stepMm) - 1e-6), 1);
  const straight = layer.upper ? undefined : straightRows(layer.lower, lattice);
  for (let n = 0; n < count; n++) {
    const [from, to] = [n / count, (n + 1) / count];
    const areaMm2 = meanAreaMm2(layer, from, to);
    if (areaMm2 === 0) continue;
    const cut = straight ?? blendedRows(layer, (from + to) / 2, areaMm2, lattice, fields);
    yield {
      rows: cut.rows,
      firstV: lattice.originV + cut.firstJ * lattice.step,
      rowMm: lattice.step,
      w: layer.lowMm + height * volumeCentre(layer, from, to),
      lowMm: layer.lowMm + height * from,
      highMm: layer.lowMm + height * to,
      areaMm2,
      segmentMm,
    };
  }
}

function straightRows(shape: Shape, { originV, step }: Lattice) {
  const firstJ = Math.ceil((shape.minV - originV) / step);
  const count = Math.max(Math.floor((shape.maxV - originV) / step) - firstJ + 1, 0);
  return { rows: scanRows(shape.edges, originV + firstJ * step, step, count), firstJ };
}

function blendedRows(layer: Layer, t: number, areaMm2: number, lattice: Lattice, fields: Map<Shape, DistanceField>) {
  const upper = layer.upper ?? layer.lower;
  const lowerField = fieldOf(layer.lower, lattice, fields);
  const upperField = fieldOf(upper, lattice, fields);
  for (const shape of fields.keys()) if (shape !== layer.lower && shape !== upper) fields.delete(shape);
  const perimeterMm = (1 - t) * layer.lower.perimeterMm + t * upper.perimeterMm;
  const rows = blendShapes(lowerField, upperField, t, areaMm2, perimeterMm, lattice);
  return { rows, firstJ: rows.firstJ };
}

function fieldOf(shape: Shape, lattice: Lattice, fields: Map<Shape, DistanceField>): DistanceField {
  const field = fields.get(shape) ?? distanceField(shape, lattice);
  fields.set(shape, field);
  return field;
}

/** A shape that lies between two scan lines is taken at its middle. */
function tallyThin(tally: DoseTally, sampler: DoseSampler, slab: Slab, shape: Shape): void {
  const dose = doseAt(sampler, (shape.minU + shape.maxU) / 2, (shape.minV + shape.maxV) / 2, slab.w);
  const volumeCc = (slab.areaMm2 * (slab.highMm - slab.lowMm)) / 1000;
  if (Number.isNaN(dose)) tally.outsideCc += volumeCc;
  else addPoint(tally, dose, volumeCc);
}
