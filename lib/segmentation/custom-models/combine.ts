import type { LabelMap } from '../label-map.ts';
import type { CustomModel } from './schema.ts';

/** What a network, or the ensemble, found. */
export interface SubtaskPart {
  alias: string;
  labelMap: LabelMap;
}

/**
 * The parts in the order of the model, each without the structures that a later one has too: of structures with one
 * name the last counts. An ensemble goes first unless the order names it.
 */
export function combineParts(parts: SubtaskPart[], { combine, networks, ensemble }: CustomModel): LabelMap[] {
  const listed = combine.ordered_networks ?? networks.map(({ alias }) => alias);
  const order = ensemble && !listed.includes('ensemble') ? ['ensemble', ...listed] : listed;
  const ordered = order.flatMap((alias) => parts.filter((part) => part.alias === alias));
  return ordered.flatMap(({ labelMap }, i) => {
    const later = new Set(ordered.slice(i + 1).flatMap((part) => part.labelMap.labels.map(({ name }) => name)));
    const kept = labelMap.labels.filter(({ name }) => !later.has(name));
    return kept.length > 0 ? [withLabels(labelMap, kept)] : [];
  });
}

function withLabels({ volume, labels }: LabelMap, kept: LabelMap['labels']): LabelMap {
  if (kept.length === labels.length) return { volume, labels };
  const values = new Set(kept.map(({ value }) => value));
  const data = volume.data.map((value) => (values.has(value) ? value : 0)) as typeof volume.data;
  return { volume: { grid: volume.grid, data }, labels: kept };
}
