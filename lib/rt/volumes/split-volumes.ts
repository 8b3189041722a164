import { areShiftedPasses } from './interleaved.ts';
import {
  byRank,
  comesAgain,
  type Partition,
  partitionsOf,
  repeatsLeft,
  type SlicePart,
  turnsBack,
} from './partitions.ts';
import { countRepeats, isAlike, mostAtOnePlace, type Placed, placeSlices } from './positions.ts';
import { rankVolumes } from './rank-volumes.ts';
import { isLocalizer, type SliceFacts, type SliceVolume } from './slice-facts.ts';

/**
 * The volumes of a series, best first (`rankVolumes`): slices of two are never mixed. Images of another size, orientation,
 * spacing or frame of reference are volumes of their own, so are localizers. Where several images lie at one place, or
 * passes lie in each other, they are parted by the attribute that varies: the one of `MARK_NAMES` that leaves one image
 * at each place with the fewest parts, by its value or by the runs in which it counts on.
 */
export function splitVolumes<S extends SliceFacts>(slices: readonly S[]): SliceVolume<S>[] {
  const groups = alikeGroups(slices);
  const volumes = groups.flatMap((group, n) => {
    const placed = placeSlices(group);
    const parts = split(placed, '');
    return parts.map((part) => volumeOf(part, n, groups.length > 1 ? planeLabel(group[0], n + 1) : ''));
  });
  return rankVolumes(volumes);
}

function alikeGroups<S extends SliceFacts>(slices: readonly S[]): S[][] {
  const groups: S[][] = [];
  for (const slice of slices) {
    const group = groups.find(([first]) => isLocalizer(first) === isLocalizer(slice) && isAlike(first, slice));
    if (group) group.push(slice);
    else groups.push([slice]);
  }
  return groups;
}

function planeLabel(slice: SliceFacts, number: number): string {
  return isLocalizer(slice) ? 'localizers' : `plane ${number} (${slice.columns} x ${slice.rows})`;
}

/** Parts that hold one image at each place, as far as the attributes say. */
function split<S extends SliceFacts>(placed: Placed<S>[], label: string): SlicePart<S>[] {
  const whole = [{ label, slices: placed }];
  if (mostAtOnePlace(placed) === 1) {
    const shifted = partitionsOf(placed, turnsBack).find((partition) => areShiftedPasses(placed, partition));
    return shifted ? shifted.parts.map((part) => ({ ...part, label: joined(label, part.label) })) : whole;
  }
  const partition = bestPartition(placed);
  if (!partition) return whole;
  return partition.parts.flatMap((part) => split(part.slices, joined(label, part.label)));
}

/** Of those that leave no repeats the one with fewest parts, else the one that leaves fewest; the first among equals. */
function bestPartition<S extends SliceFacts>(placed: Placed<S>[]): Partition<S> | undefined {
  const before = countRepeats(placed);
  const ways = partitionsOf(placed, comesAgain).map((partition) => ({ partition, left: repeatsLeft(partition) }));
  const whole = ways.filter(({ left }) => left === 0);
  if (whole.length > 0) return least(whole, ({ partition }) => partition.parts.length).partition;
  const ranked = byRank(placed);
  const better = ways.filter(({ left }) => left < before);
  return better.length > 0 ? least(better, ({ left }) => left).partition : ranked;
}

function least<T>(items: T[], size: (item: T) => number): T {
  return items.reduce((best, item) => (size(item) < size(best) ? item : best));
}

function joined(...labels: string[]): string {
  return labels.filter(Boolean).join(', ');
}

function volumeOf<S extends SliceFacts>(
  { label, slices }: SlicePart<S>,
  plane: number,
  planeText: string,
): SliceVolume<S> {
  return {
    slices: slices.toSorted((a, b) => a.alongMm - b.alongMm).map(({ slice }) => slice),
    label: joined(planeText, label),
    plane,
    isLocalizer: isLocalizer(slices[0].slice),
    untold: countRepeats(slices),
  };
}
