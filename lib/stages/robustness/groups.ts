import { type Strengths, strengthsOf, unchanged } from '../../robustness/kinds.ts';
import type { Subject, SubjectGroup } from '../../robustness/summarise.ts';
import { ROI_KEY } from '../../rt/row-identity.ts';
import { keyCells } from '../../tables/key.ts';
import type { Cell, Row } from '../../tables/table.ts';

/** A structure with the structure set and the image that it was drawn in. */
interface DrawnSubject extends Subject {
  structureSet: Cell;
  image: Cell;
}

/** Structures that share a standard name, or, without one, the name that the source wrote. */
export interface RobustnessGroup extends SubjectGroup {
  subjects: DrawnSubject[];
  names: Set<string>;
  byKey: Map<string, DrawnSubject>;
  /** What each perturbation does, by its name. */
  strengths: Map<string, Strengths>;
}

/** Adds a row of robustness_values to the group of its structure. */
export function collect(groups: Map<string, RobustnessGroup>, row: Row, features: string[]): void {
  const { standard_name, roi_name, source, modality } = row;
  const named = standard_name === null ? [null, roi_name] : [standard_name, null];
  const group = getOrMake(groups, JSON.stringify([...named, source, modality]), (): RobustnessGroup => {
    const identity = { standard_name, source, modality };
    return { identity, names: new Set(), subjects: [], byKey: new Map(), strengths: new Map() };
  });
  group.names.add(String(roi_name));
  const who = keyCells({ key: ROI_KEY }, row);
  const subject = getOrMake(group.byKey, JSON.stringify(who), () => {
    const [structureSet, image] = [row.structure_set_uid, row.image_series_uid];
    const added: DrawnSubject = { courseId: String(row.course_id), values: new Map(), structureSet, image };
    group.subjects.push(added);
    return added;
  });
  if (row.perturbation_id === null) return;
  const id = String(row.perturbation_id);
  if (!group.strengths.has(id)) group.strengths.set(id, strengthsOfRow(row));
  const values = row.status === 'ok' ? Float64Array.from(features, (name) => numberOf(row[name])) : undefined;
  subject.values.set(id, values);
}

/** The identity of a group as its rows tell it. */
export function identityOf({ identity, names }: RobustnessGroup): Row {
  return { ...identity, roi_name: [...names].sort().join('; ') };
}

/**
 * Courses in which several structure sets hold the structure on one image: a subject each, its sets as measurements in the
 * order of their UIDs. A set with two structures of the name is ambiguous and left out. Undefined without such a course.
 */
export function observers(group: RobustnessGroup): { subjects: Subject[]; ids: string[] } | undefined {
  const still = unchanged(group.strengths);
  if (group.identity.source !== 'manual' || still === undefined) return undefined;
  const subjects: Subject[] = [];
  for (const drawn of Map.groupBy(group.subjects, ({ courseId, image }) => `${courseId} ${image}`).values()) {
    const sets = [...Map.groupBy(drawn, ({ structureSet }) => String(structureSet))].filter(
      ([, of]) => of.length === 1,
    );
    if (sets.length < 2) continue;
    const inOrder = sets.sort(([a], [b]) => (a < b ? -1 : 1));
    const values = inOrder.map(([, [one]], n) => [`observer ${n + 1}`, one.values.get(still)] as const);
    subjects.push({ courseId: drawn[0].courseId, values: new Map(values) });
  }
  const ids = [...new Set(subjects.flatMap(({ values }) => [...values.keys()]))];
  return subjects.length > 0 ? { subjects, ids } : undefined;
}

function strengthsOfRow(row: Row): Strengths {
  const [x, y, z] = [row.translation_x, row.translation_y, row.translation_z].map(numberOf);
  return strengthsOf({
    noiseHu: numberOf(row.noise),
    translationMm: [x, y, z],
    rotationDeg: numberOf(row.rotation),
    contour: numberOf(row.contour),
    volumeChange: numberOf(row.volume_change),
  });
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}

function numberOf(cell: Cell): number {
  return typeof cell === 'number' ? cell : Number.NaN;
}
