import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, type StructureRecord } from '../../course-store/structures.ts';
import { coverageOf } from '../../image/coverage.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import { isBodyOutline } from '../../qc/body-outline.ts';
import type { QcThresholds } from '../../qc/check.ts';
import { isSameOrganOfModel } from '../../qc/checks/structure-content.ts';
import { isOverlapPair } from '../../qc/checks/structure-overlap.ts';
import type { OverlapFacts, StructureFacts } from '../../qc/facts.ts';
import { type HuFacts, huFacts } from '../../qc/measure/hu.ts';
import { outlineMeasures } from '../../qc/measure/outline.ts';
import { sharedPart } from '../../qc/measure/overlap.ts';
import {
  medianDoseGy,
  medianIn,
  partOutside,
  type StructureMeasures,
  shapeMeasures,
} from '../../qc/measure/structure.ts';
import type { CourseDoses } from './doses.ts';

interface Unmeasured {
  images: ImageRecord[];
  records: StructureRecord[];
  /** In the order of the records. */
  structures: StructureFacts[];
  doses: CourseDoses;
  thresholds: QcThresholds;
}

interface Measured {
  structures: StructureFacts[];
  overlaps: OverlapFacts[];
  /** By the number of the image. */
  hu: Map<number, HuFacts>;
}

/** Measures images and masks: one image at a time is in memory, with the masks on it. */
export async function measureImages(all: Unmeasured, context: StageContext): Promise<Measured> {
  const hu = new Map<number, HuFacts>();
  const structures = [...all.structures];
  const overlaps: OverlapFacts[] = [];
  for (const image of all.images) {
    context.signal.throwIfAborted();
    if (!image.grid) continue;
    const ct = image.modality === 'CT' && image.quantity === 'HU' ? await readImage(context.store, image) : undefined;
    if (ct) hu.set(image.number, huFacts(ct, all.thresholds.metal_hu));
    const masks = await masksOn(image, all, context);
    for (const [n, mask] of masks) structures[n] = { ...structures[n], ...measure(n, mask, { all, masks, ct, image }) };
    overlaps.push(...overlapsOf(masks, structures));
  }
  return { structures, overlaps, hu };
}

type Masks = Map<number, Mask>;

/** By the place of their structure. */
async function masksOn(image: ImageRecord, { records }: Unmeasured, context: StageContext): Promise<Masks> {
  const masks: Masks = new Map();
  for (const [n, record] of records.entries()) {
    if (record.imageNumber !== image.number || record.status !== 'ok' || !image.grid) continue;
    masks.set(n, await readMask(context.store, record, gridOf(image.grid)));
  }
  return masks;
}

interface Surroundings {
  all: Unmeasured;
  masks: Masks;
  ct?: Volume;
  image: ImageRecord;
}

function measure(
  n: number,
  mask: Mask,
  { all, masks, ct, image }: Surroundings,
): Pick<StructureFacts, 'measures' | 'doseCoverage'> {
  const { structures, doses } = all;
  const structure = structures[n];
  const frame = image.grid?.frameOfReferenceUid ?? '';
  const isBody = isBodyOutline(structure);
  const body = isBody ? undefined : bodyFor(structure, structures, masks);
  const doseAt = doses.doseAt(frame);
  const measures: StructureMeasures = {
    ...shapeMeasures(mask),
    ...(ct && { medianHu: medianIn(mask, ct) }),
    ...(body && { outsideBody: partOutside(mask, body) }),
    ...(isBody && ct && { outline: outlineMeasures(mask, ct) }),
    ...(doseAt && { medianDoseGy: medianDoseGy(mask, doseAt) }),
  };
  const there = doses.grids.filter((grid) => grid.frameOfReferenceUid === image.grid?.frameOfReferenceUid);
  return {
    measures,
    doseCoverage: there.length > 0 ? Math.max(...there.map((grid) => coverageOf(mask, grid))) : undefined,
  };
}

/** The body outline of the same structure set, else a drawn one, else one of a model. */
function bodyFor(structure: StructureFacts, structures: StructureFacts[], masks: Masks): Mask | undefined {
  const bodies = [...masks.keys()].filter((n) => isBodyOutline(structures[n]));
  const own = bodies.find((n) => structures[n].structureSetUid === structure.structureSetUid);
  const drawn = bodies.find((n) => structures[n].source === 'manual');
  const taken = own ?? drawn ?? bodies[0];
  return taken === undefined ? undefined : masks.get(taken);
}

function overlapsOf(masks: Masks, structures: StructureFacts[]): OverlapFacts[] {
  const found: OverlapFacts[] = [];
  for (const [first, one] of masks) {
    for (const [second, other] of masks) {
      if (first === second) continue;
      const [a, b] = [structures[first], structures[second]];
      const isPair = isOverlapPair(a, b) || isSameOrganOfModel(a, b);
      const isKnown = found.some((pair) => pair.first === second && pair.second === first);
      if (!isPair || isKnown) continue;
      const ofFirstMm = partOutside(one, other).middleMm;
      const ofSecondMm = partOutside(other, one).middleMm;
      found.push({ first, second, ...sharedPart(one, other), ofFirstMm, ofSecondMm });
    }
  }
  return found;
}
