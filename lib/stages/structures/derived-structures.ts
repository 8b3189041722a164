import { gridOf, type ImageRecord } from '../../course-store/images.ts';
import {
  NO_MASK,
  readMask,
  type StructureRecord,
  structureSubject,
  type UnnamedRecord,
  writeMask,
} from '../../course-store/structures.ts';
import { BadConfig } from '../../errors.ts';
import { type Finding, findingsOn } from '../../findings.ts';
import { courseKeys } from '../../store/keys.ts';
import { type DerivedStructure, deriveStructures, type NamedMask } from '../../structures/derived/derive.ts';
import { inDependencyOrder, sourcesOf } from '../../structures/derived/order.ts';
import { type DerivedDefinition, derivedStructuresSchema } from '../../structures/derived/schema.ts';
import { sourceRules } from '../../structures/derived/source-rules.ts';
import type { StructuresConfig, StructuresCourse, StructuresWork } from './inputs.ts';

/**
 * The structures that `custom_structures` defines, made on each image of the structures that lie on it. Every definition
 * is a record for the planning image, else the first one; for another image when at least one of its sources is there.
 * @throws BadConfig when the definitions are not understood or go in a circle
 */
export async function derivedStructures(
  work: StructuresWork,
  given: StructureRecord[],
): Promise<{ records: UnnamedRecord[]; findings: Finding[] }> {
  const { course, images, config, context } = work;
  const definitions = definitionsOf(config);
  const records: UnnamedRecord[] = [];
  const findings: Finding[] = [];
  if (definitions.length === 0) return { records, findings };
  const readable = planningFirst(images.filter(({ grid }) => grid));
  if (readable.length === 0)
    records.push(...definitions.map((definition, n) => withoutImage(definition, n + 1, given.length + n)));
  for (const [ordinal, image] of readable.entries()) {
    for (const made of await deriveOn(image, definitions, given, work)) {
      if (ordinal > 0 && made.sources.every(({ used }) => used === null)) continue;
      const roiNumber = 1 + definitions.indexOf(made.definition) + ordinal * definitions.length;
      const number = given.length + records.length;
      const record = recordOf(made, roiNumber, number, image);
      const mask =
        made.status === 'ok' && (await writeMask(context.store, courseKeys(course.courseId).mask(number), made.mask));
      records.push({ ...record, ...mask });
      const subject = { ...structureSubject(record), imageSeriesUid: image.seriesInstanceUid };
      findings.push(...findingsOn(subject, made.findings));
    }
  }
  return { records, findings };
}

function definitionsOf({ custom_structures: content }: StructuresConfig): DerivedDefinition[] {
  if (content === null) return [];
  const parsed = derivedStructuresSchema.safeParse(Array.isArray(content) ? { custom_structures: content } : content);
  if (parsed.success) return inDependencyOrder(parsed.data.custom_structures);
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new BadConfig(`custom_structures: ${issues.join('; ')}`);
}

function planningFirst(images: ImageRecord[]): ImageRecord[] {
  return images.toSorted((a, b) => Number(b.role === 'planning') - Number(a.role === 'planning'));
}

async function deriveOn(
  image: ImageRecord,
  definitions: DerivedDefinition[],
  given: StructureRecord[],
  { course, config, context }: StructuresWork,
): Promise<DerivedStructure[]> {
  const { names } = config.structures;
  const grid = gridOf(image.grid!);
  const rules = [...new Set(definitions.flatMap(sourcesOf))].flatMap((source) => sourceRules(source, names));
  const masks: NamedMask[] = [];
  for (const record of primarySetFirst(course, given)) {
    const { roiName: name, standardName, source } = record;
    const isHere = record.imageNumber === image.number && record.status === 'ok';
    if (!isHere || !rules.some((means) => means({ name, standardName }))) continue;
    masks.push({ name, standardName, source, mask: await readMask(context.store, record, grid) });
  }
  context.signal.throwIfAborted();
  return deriveStructures(definitions, masks, grid, names);
}

/** Where names repeat, the first counts: the structure set of the plan, then other sets, then models. */
function primarySetFirst({ structureSets }: StructuresCourse, records: StructureRecord[]): StructureRecord[] {
  const primary = structureSets.find(({ role }) => role === 'primary')?.sopInstanceUid;
  const isPrimary = ({ structureSetUid }: StructureRecord) => primary !== undefined && structureSetUid === primary;
  return records.toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
}

function recordOf(made: DerivedStructure, roiNumber: number, number: number, image: ImageRecord): UnnamedRecord {
  const { name, status, sources, partial, definition, findings } = made;
  const reason = status === 'ok' ? '' : (findings.at(-1)?.message ?? status);
  const derivation = { definition, sources, partial };
  return { ...blank(name, roiNumber, number), imageNumber: image.number, status, reason, derivation };
}

function withoutImage(definition: DerivedDefinition, roiNumber: number, number: number): UnnamedRecord {
  const sources = sourcesOf(definition).map((requested) => ({ requested, used: null, derived: false }));
  const derivation = { definition, sources, partial: true };
  return { ...blank(definition.name, roiNumber, number), reason: 'there is no image to make it on', derivation };
}

function blank(roiName: string, roiNumber: number, number: number): UnnamedRecord {
  return {
    number,
    roiNumber,
    roiName,
    source: 'derived',
    interpretedType: '',
    status: 'failed',
    reason: '',
    ...NO_MASK,
  };
}
