import { type Finding, finding } from '../../findings.ts';
import type { SliceVolume } from './slice-facts.ts';

/** At most so many volumes are named in a finding. */
const MOST_NAMED = 8;

/**
 * What is to be said when one volume of a series is taken and others are not.
 * @param isNamed whether the files name it; else it is the first of `all` by rule
 */
export function volumeFindings(
  taken: SliceVolume,
  all: readonly SliceVolume[],
  where: string,
  isNamed: boolean,
): Finding[] {
  const others = all.filter((volume) => volume !== taken);
  const localizers = others.filter((volume) => volume.isLocalizer && !taken.isLocalizer);
  const elsewhere = others.filter((volume) => volume.plane !== taken.plane && !localizers.includes(volume));
  const beside = others.filter((volume) => volume.plane === taken.plane);
  const findings: Finding[] = [];
  if (localizers.length > 0) {
    const message = `${countSlices(localizers)} localizer images are not part of the volume`;
    findings.push(finding('LOCALIZER_LEFT_OUT', where, message));
  }
  if (elsewhere.length > 0) {
    const slices = `${countSlices(elsewhere)} of ${countSlices(all)} slices`;
    const message = `${slices} differ in orientation, size or frame of reference, and are left out`;
    findings.push(finding('MIXED_PLANES', where, message));
  }
  if (beside.length > 0) {
    const why = isNamed ? 'is named by the structure set' : 'is the largest, then the first';
    const message = `the series has ${beside.length + 1} volumes; ${nameOf(taken)} is used: it ${why}. The others are ${namesOf(beside)}`;
    findings.push(finding(isNamed ? 'VOLUME_NAMED' : 'SEVERAL_VOLUMES', where, message));
  }
  return findings;
}

function countSlices(volumes: readonly SliceVolume[]): number {
  return volumes.reduce((sum, { slices }) => sum + slices.length, 0);
}

function nameOf({ label, slices }: SliceVolume): string {
  return `${label || 'one'} (${slices.length} slices)`;
}

function namesOf(volumes: readonly SliceVolume[]): string {
  const names = volumes.slice(0, MOST_NAMED).map(nameOf).join('; ');
  return volumes.length > MOST_NAMED ? `${names}; and ${volumes.length - MOST_NAMED} more` : names;
}
