import { type Finding, type FindingCode, finding } from '../../findings.ts';
import { intersectMasks, subtractMask, uniteMasks, xorMasks } from '../../image/booleans.ts';
import type { Grid, Mask } from '../../image/grid.ts';
import { countVoxels, emptyMask } from '../../image/mask.ts';
import type { MaskStatus } from '../../rt/roi-status.ts';
import { applyMargins, patientMargins } from './margins.ts';
import { inDependencyOrder } from './order.ts';
import type { DerivedDefinition, DerivedMargin } from './schema.ts';
import { type NamedStructure, sourceRules } from './source-rules.ts';

/** A mask by name, all on one grid. Where names repeat, the first counts. */
export interface NamedMask extends NamedStructure {
  /** `manual`, `totalsegmentator`, ...: goes into the provenance. */
  source?: string;
  mask: Mask;
}

/** What a name in a definition turned out to be. */
export interface DerivedSource {
  requested: string;
  /** The structure that was used; null when no structure of that name has voxels. */
  used: string | null;
  derived: boolean;
  /** As given with the structure. */
  source?: string;
}

export interface DerivedStructure {
  name: string;
  /** `skipped_by_rule`: a source is missing; `empty`: the operations leave nothing. */
  status: Extract<MaskStatus, 'ok' | 'empty' | 'skipped_by_rule'>;
  mask: Mask;
  /** True when it was made without some of its sources, or of sources of which that is true. */
  partial: boolean;
  sources: DerivedSource[];
  definition: DerivedDefinition;
  findings: Finding[];
}

/** Fewer voxels than this describe no shape. */
const FEW_VOXELS = 10;

/**
 * Structures made of others by boolean operations, margins, rings and cropping, in that order. They may name each other in
 * any order. A union goes on without a missing source and is marked partial; the other operations, and cropping, would
 * mean something else and are not carried out, unless the definition says so. Every definition gives a result.
 * @param nameOverrides own name -> standard name, for names in definitions
 * @throws BadConfig when definitions go in a circle
 */
export function deriveStructures(
  definitions: DerivedDefinition[],
  given: NamedMask[],
  grid: Grid,
  nameOverrides: Readonly<Record<string, string>> = {},
): DerivedStructure[] {
  const done: DerivedStructure[] = [];
  for (const definition of inDependencyOrder(definitions)) {
    const look = (name: string) => lookUp(sourceRules(name, nameOverrides), name, given, done);
    done.push(derive(definition, given, look, grid));
  }
  return done;
}

function derive(
  definition: DerivedDefinition,
  given: NamedMask[],
  lookUpName: (name: string) => Found,
  grid: Grid,
): DerivedStructure {
  const look = (names: string[]) => names.map(lookUpName);
  const sources = look(definition.source_structures);
  const removed = look(definition.crop_by?.structures ?? []);
  const kept = look(definition.crop_to?.structures ?? []);
  const all = [...sources, ...removed, ...kept];
  const missing = all.filter(({ source }) => source.used === null).map(({ source }) => source.requested);
  const result: DerivedStructure = {
    name: definition.name,
    status: 'skipped_by_rule',
    mask: emptyMask(grid),
    partial: missing.length > 0 || all.some(({ partial }) => partial),
    sources: all.map(({ source }) => source),
    definition,
    findings: [],
  };
  const note = (code: FindingCode, message: string) => result.findings.push(finding(code, definition.name, message));
  if (given.some(({ name }) => name === definition.name))
    note('DERIVED_NAME_TAKEN', 'an ROI has this name too; where the name is a source, the ROI is used');
  if (!mayProceed(definition, sources, removed, kept)) {
    note('DERIVED_SOURCE_MISSING', `not made: ${missing.join(', ')} missing or empty`);
    return result;
  }
  if (missing.length > 0) note('DERIVED_PARTIAL', `made without ${missing.join(', ')}, which are missing or empty`);
  result.mask = shape(definition, masksOf(sources), masksOf(removed), masksOf(kept));
  const voxels = countVoxels(result.mask);
  result.status = voxels === 0 ? 'empty' : 'ok';
  if (voxels === 0) note('DERIVED_EMPTY', 'the operations give an empty result');
  else if (voxels < FEW_VOXELS) note('DERIVED_TINY', `only ${voxels} voxels`);
  return result;
}

interface Found {
  source: DerivedSource;
  mask?: Mask;
  partial: boolean;
}

/** By the surest rule that finds one, a given ROI before a derived one. */
function lookUp(
  rules: ReturnType<typeof sourceRules>,
  requested: string,
  given: NamedMask[],
  done: DerivedStructure[],
): Found {
  for (const means of rules) {
    const roi = given.find((one) => means(one) && countVoxels(one.mask) > 0);
    if (roi) {
      const origin = roi.source !== undefined && { source: roi.source };
      return { source: { requested, used: roi.name, derived: false, ...origin }, mask: roi.mask, partial: false };
    }
    const made = done.find((one) => means(one) && one.status === 'ok');
    if (made) return { source: { requested, used: made.name, derived: true }, mask: made.mask, partial: made.partial };
  }
  return { source: { requested, used: null, derived: false }, partial: false };
}

function mayProceed(definition: DerivedDefinition, sources: Found[], ...croppers: Found[][]): boolean {
  const has = ({ mask }: Found) => mask !== undefined;
  if ([sources, ...croppers].every((group) => group.every(has))) return true;
  if (definition.partial === 'refuse' || !sources.some(has)) return false;
  if (definition.operation === 'subtract' && !has(sources[0])) return false;
  if (definition.partial === 'allow') return croppers.every((group) => group.length === 0 || group.some(has));
  return definition.operation === 'union' && croppers.every((group) => group.every(has));
}

function masksOf(found: Found[]): Mask[] {
  return found.flatMap(({ mask }) => (mask ? [mask] : []));
}

const OPERATIONS = { union: uniteMasks, intersection: intersectMasks, subtract: subtractMask, xor: xorMasks };

function shape(definition: DerivedDefinition, sources: Mask[], removed: Mask[], kept: Mask[]): Mask {
  const { operation, margin, ring, crop_by, crop_to } = definition;
  let mask = sources.reduce(OPERATIONS[operation]);
  if (margin !== undefined && margin !== null) mask = withMargin(mask, margin);
  if (ring) mask = subtractMask(withMargin(mask, ring.outer_mm), withMargin(mask, ring.inner_mm));
  if (crop_by) mask = subtractMask(mask, withMargin(removed.reduce(uniteMasks), crop_by.margin));
  if (crop_to) mask = intersectMasks(mask, withMargin(kept.reduce(uniteMasks), crop_to.margin));
  return mask;
}

function withMargin(mask: Mask, margin: DerivedMargin): Mask {
  return applyMargins(mask, patientMargins(margin));
}
