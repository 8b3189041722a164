import type { Mask, Volume } from '../image/grid.ts';
import { maskOfVolume } from '../image/mask.ts';
import { type Refusal, refusal } from './status.ts';

const MOST_LABELS_NAMED = 20;

/** The labels of a label map, ascending, without the background 0. */
export function labelsOf(labelMap: Volume): number[] {
  const found = new Set<number>();
  let last = 0;
  for (let p = 0; p < labelMap.data.length; p++) {
    if (labelMap.data[p] === last) continue;
    last = labelMap.data[p];
    found.add(last);
  }
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}

/** The region of one label; when it is not there, which ones are. */
export function labelMask(labelMap: Volume, label: number): Mask | Refusal {
  const mask = maskOfVolume(labelMap.grid, labelMap.data, label);
  if (mask.data.length > 0) return mask;
  const labels = labelsOf(labelMap);
  if (labels.length === 0) return refusal('empty', 'the label map has no label');
  const named = labels.slice(0, MOST_LABELS_NAMED).join(', ');
  const more = labels.length > MOST_LABELS_NAMED ? ` and ${labels.length - MOST_LABELS_NAMED} more` : '';
  return refusal('failed', `label ${label} is not in the label map, which has ${named}${more}`);
}
