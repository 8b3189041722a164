import type { LabelMap } from '../label-map.ts';
import type { Region } from './dataset-labels.ts';

/**
 * Label maps of regions that may overlap, from the one that nnU-Net writes for them: a region is all voxels with one of
 * its values. Regions that share no value share a map, in which the first has the value 1.
 */
export function regionMaps(volume: LabelMap['volume'], regions: Region[]): LabelMap[] {
  const groups: Region[][] = [];
  for (const region of regions) {
    const group = groups.find((ones) => !ones.some(({ values }) => values.some((one) => region.values.includes(one))));
    if (group) group.push(region);
    else groups.push([region]);
  }
  return groups.map((group) => {
    const own = new Map(group.flatMap(({ values }, index) => values.map((value) => [value, index + 1])));
    const data = volume.data.map((value) => own.get(value) ?? 0);
    const labels = group.map(({ name }, index) => ({ value: index + 1, name }));
    return { volume: { grid: volume.grid, data }, labels };
  });
}
