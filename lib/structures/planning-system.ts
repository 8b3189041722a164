import { countVoxels } from '../image/mask.ts';
import type { WrittenStructure } from './written-structures.ts';

/** What a planning system asks of the structures that it imports. */
export interface PlanningSystem {
  /** Keep structures without voxels, as ROIs without contours. */
  empty_rois: boolean;
  /** Longest ROI name that it does not cut. */
  roi_name_characters: number;
}

/**
 * Structures as a planning system takes them. A longer name is cut; one that another structure has by then, whatever the
 * case, ends with `~2`, `~3`, ... instead.
 */
export function forPlanningSystem(
  structures: WrittenStructure[],
  { empty_rois, roi_name_characters }: PlanningSystem,
): WrittenStructure[] {
  const kept = structures.filter(({ mask }) => empty_rois || countVoxels(mask) > 0);
  const isLong = ({ name }: WrittenStructure) => name.length > roi_name_characters;
  const taken = new Set(kept.filter((one) => !isLong(one)).map(({ name }) => name.toLowerCase()));
  return kept.map((structure) => {
    if (!isLong(structure)) return structure;
    let name = structure.name.slice(0, roi_name_characters).trimEnd();
    for (let count = 2; taken.has(name.toLowerCase()); count++) {
      const end = `~${count}`;
      name = structure.name.slice(0, roi_name_characters - end.length).trimEnd() + end;
    }
    taken.add(name.toLowerCase());
    return { ...structure, name };
  });
}
