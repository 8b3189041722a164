import { type Finding, finding } from '../../findings.ts';
import { nearest } from '../../nearest.ts';
import { type LabelMap, UnusableResult } from '../label-map.ts';

/** Which of the classes that are asked for a task has. */
export interface ClassChoice {
  chosen: string[];
  /** Those that it does not know. */
  unknown: { name: string; found: Finding }[];
}

/** @throws UnusableResult when the task knows none of the classes that are asked for */
export function chooseClasses(task: string, asked: string[], known: string[], where: string): ClassChoice {
  const chosen = asked.filter((name) => known.includes(name));
  if (chosen.length === 0) throw new UnusableResult(`${task} has none of the classes ${asked.join(', ')}`);
  const unknown = asked
    .filter((name) => !known.includes(name))
    .map((name) => {
      const message = `${task} has no class ${name}; the nearest is ${nearest(name, known)}`;
      return { name, found: finding('SEGMENTATION_CLASS_UNKNOWN', where, message) };
    });
  return { chosen, unknown };
}

/** Tasks whose classes are everywhere in a body: an image without any was not segmented. */
const ALWAYS_FIND = ['total', 'total_v3', 'total_mr', 'body', 'body_mr'];

/**
 * @param roiSubset classes that were asked for; those that are not in the table of the result were not looked for
 * @throws UnusableResult when one is missing, and when nothing was found where there always is something
 */
export function complete(labelMap: LabelMap, task: string, roiSubset: string[] | undefined): LabelMap {
  const names = new Set(labelMap.labels.map(({ name }) => name));
  const missing = (roiSubset ?? []).filter((name) => !names.has(name));
  if (missing.length > 0) throw new UnusableResult(`the result lacks ${missing.join(', ')}`);
  const mayBeEmpty = roiSubset !== undefined || !ALWAYS_FIND.includes(task);
  if (!mayBeEmpty && !labelMap.volume.data.some((value) => value > 0))
    throw new UnusableResult('nothing was found in the image');
  return labelMap;
}
