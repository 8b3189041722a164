import { isDeepStrictEqual } from 'node:util';
import type { IndexRow } from '../../organize/index-row.ts';
import type { CatalogLine } from './line.ts';

/** What the slices of a series say alike. */
const OF_ROW = [
  'kind',
  'patient',
  'staff',
  'identity',
  'modality',
  'sopClassUid',
  'studyInstanceUid',
  'seriesInstanceUid',
  'frameOfReferenceUid',
  'seriesDescription',
  'studyDate',
  'seriesDate',
  'createdAt',
] as const satisfies (keyof IndexRow)[];
const OF_IMAGE = [
  'acquisition',
  'imageType',
  'pixelSpacingMm',
  'orientation',
] as const satisfies (keyof Required<IndexRow>['image'])[];

/**
 * Keeps one copy of what many lines say alike, which is what a large upload needs, and leaves out what only the next catalog
 * asks for. Lines are changed in place: they are of one reader alone.
 */
export function sharing(): (line: CatalogLine) => CatalogLine {
  const texts = new Map<string, string>();
  const values = new Map<string, unknown>();
  const last = new Map<string, unknown>();
  const oneText = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const one = (name: string, value: unknown): unknown => {
    if (typeof value === 'string') return oneText(value);
    if (typeof value !== 'object' || value === null) return value;
    // Neighbours are alike; comparing is cheaper than writing out.
    const before = last.get(name);
    if (before !== undefined && isDeepStrictEqual(before, value)) return before;
    const text = JSON.stringify(value);
    if (!values.has(text)) values.set(text, value);
    last.set(name, values.get(text));
    return values.get(text);
  };
  const shareIn = (owner: object, names: readonly string[]) => {
    const fields = owner as Record<string, unknown>;
    for (const name of names) fields[name] = one(name, fields[name]);
  };
  return (line) => {
    if (!('instance' in line)) return line;
    const { instance } = line;
    shareIn(instance, OF_ROW);
    if (instance.image) {
      shareIn(instance.image, OF_IMAGE);
      const { marks } = instance.image;
      shareIn(marks, Object.keys(marks));
    }
    return { instance };
  };
}
