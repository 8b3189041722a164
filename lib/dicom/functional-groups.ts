import type { DataSet } from './data-set.ts';
import type { Keyword } from './tags.ts';

/** Looks a functional group macro up for a frame (from 0): the frame's own, else the shared one, else undefined. */
export type FunctionalGroups = (frame: number, macro: Keyword) => DataSet | undefined;

/** The functional groups of an enhanced multi-frame object, PS3.3 C.7.6.16. */
export function functionalGroups(dataSet: DataSet): FunctionalGroups {
  const shared = dataSet.items('SharedFunctionalGroupsSequence')[0];
  const perFrame = dataSet.items('PerFrameFunctionalGroupsSequence');
  return (frame, macro) => perFrame[frame]?.items(macro)[0] ?? shared?.items(macro)[0];
}

export function isEnhanced(dataSet: DataSet): boolean {
  return dataSet.has('SharedFunctionalGroupsSequence') || dataSet.has('PerFrameFunctionalGroupsSequence');
}
