import { type Finding, finding } from '../../findings.ts';
import type { Grid, Mask } from '../../image/grid.ts';
import { gridSuperiorExtent, type SuperiorExtent, superiorExtent } from '../../image/superior-extent.ts';
import { MM_PER_CM } from '../../units.ts';
import { sameStructure } from '../derived/aliases.ts';
import { harmonise } from '../names/harmonise.ts';
import { standardNameOfLabel } from '../names/totalsegmentator.ts';
import { type CropRegion, REGIONS, type Rung } from './regions.ts';

export interface CropOptions {
  region: CropRegion;
  /** cm; the region's own when absent or null. */
  superiorMarginCm?: number | null;
  inferiorMarginCm?: number | null;
}

/** One end of the region, with where it comes from. */
export interface CropBoundary {
  /** Patient z in mm; a voxel is kept when its centre is not beyond. */
  requestedMm: number;
  /** The same, or the outermost voxel centre of the image when the request lies outside of it. */
  appliedMm: number;
  clamped: boolean;
  /** The structures whose edge it is; none when the end of the image replaces the landmark. */
  landmarks: string[];
  marginMm: number;
}

export interface CropBoundaries {
  region: CropRegion;
  superior: CropBoundary;
  inferior: CropBoundary;
  imageMm: SuperiorExtent;
}

export interface CropPlan {
  /** Absent when a landmark is missing without a substitute, or when the boundaries contradict each other. */
  boundaries?: CropBoundaries;
  findings: Finding[];
}

/** Masks by name, all on the grid of the image; where names repeat, the first counts. */
export type Landmarks = (Landmark & { mask: Mask })[];

export interface Landmark {
  name: string;
  /** TG-263 name; absent: by the name table. */
  standardName?: string | null;
}

/**
 * Where a region of the body begins and ends, from the edges of landmarks along the patient's z, whatever the orientation
 * of the grid. Landmarks are found by TotalSegmentator's label or by a name that means the same.
 */
export function planCrop(options: CropOptions, landmarks: Landmarks, grid: Grid): CropPlan {
  const { region } = options;
  const rule = REGIONS[region];
  const imageMm = gridSuperiorExtent(grid);
  const findings: Finding[] = [];
  const margins = {
    superior: MM_PER_CM * (options.superiorMarginCm ?? rule.superiorMarginCm),
    inferior: MM_PER_CM * (options.inferiorMarginCm ?? rule.inferiorMarginCm),
  };
  const ends = (['superior', 'inferior'] as const).map((end) => {
    const found = climb(rule[end], landmarks);
    if (found) {
      findings.push(...cutLandmarks(found, imageMm, region));
      return boundaryAt(found, end, margins[end], imageMm);
    }
    const names = rule[end].flatMap((rung) => rung.landmarks).join(', ');
    const standsIn = rule.imageStandsIn ? 'the end of the image is used' : 'nothing is cropped';
    const code = rule.imageStandsIn ? 'CROP_AT_IMAGE_END' : 'CROP_LANDMARK_MISSING';
    findings.push(finding(code, region, `none of ${names} exists: ${standsIn}`));
    return rule.imageStandsIn ? imageEnd(end, imageMm) : undefined;
  });
  const [superior, inferior] = ends;
  if (!superior || !inferior) return { findings };
  if (superior.appliedMm > inferior.appliedMm) return { boundaries: { region, superior, inferior, imageMm }, findings };
  const message = `the upper boundary (${superior.requestedMm} mm) is not above the lower (${inferior.requestedMm} mm)`;
  findings.push(finding('CROP_BOUNDARIES_REVERSED', region, `${message}: nothing is cropped`));
  return { findings };
}

/** Whether a boundary of the region may be taken from a structure. */
export function mayBeLandmark(structure: Landmark, region: CropRegion): boolean {
  const { superior, inferior } = REGIONS[region];
  return [...superior, ...inferior].some(({ landmarks }) => landmarks.some((label) => isLandmark(structure, label)));
}

interface FoundRung {
  rung: Rung;
  extents: { name: string; extent: SuperiorExtent }[];
}

/** The first rung of which a landmark has voxels. */
function climb(rungs: Rung[], landmarks: Landmarks): FoundRung | undefined {
  for (const rung of rungs) {
    const extents = rung.landmarks.flatMap((label) => {
      for (const landmark of landmarks) {
        const extent = isLandmark(landmark, label) ? superiorExtent(landmark.mask) : undefined;
        if (extent) return [{ name: landmark.name, extent }];
      }
      return [];
    });
    if (extents.length > 0) return { rung, extents };
  }
  return undefined;
}

function isLandmark({ name, standardName = harmonise(name).standardName }: Landmark, label: string): boolean {
  return sameStructure(name, label) || standardName === standardNameOfLabel(label);
}

function boundaryAt(
  { rung, extents }: FoundRung,
  end: 'superior' | 'inferior',
  marginMm: number,
  imageMm: SuperiorExtent,
): CropBoundary {
  const edgeMm =
    rung.edge === 'top'
      ? Math.max(...extents.map(({ extent }) => extent.superiorMm))
      : Math.min(...extents.map(({ extent }) => extent.inferiorMm));
  const outward = rung.withMargin ? marginMm : 0;
  const requestedMm = end === 'superior' ? edgeMm + outward : edgeMm - outward;
  const appliedMm = Math.min(Math.max(requestedMm, imageMm.inferiorMm), imageMm.superiorMm);
  const clamped = appliedMm !== requestedMm;
  return { requestedMm, appliedMm, clamped, landmarks: extents.map(({ name }) => name), marginMm: outward };
}

function imageEnd(end: 'superior' | 'inferior', imageMm: SuperiorExtent): CropBoundary {
  const requestedMm = imageMm[`${end}Mm`];
  return { requestedMm, appliedMm: requestedMm, clamped: false, landmarks: [], marginMm: 0 };
}

/** A landmark that reaches the end of the image may go on beyond it. */
function cutLandmarks({ rung, extents }: FoundRung, imageMm: SuperiorExtent, region: CropRegion): Finding[] {
  const cut = extents.filter(({ extent }) =>
    rung.edge === 'top' ? extent.superiorMm >= imageMm.superiorMm : extent.inferiorMm <= imageMm.inferiorMm,
  );
  return cut.map(({ name }) => finding('CROP_LANDMARK_CUT', region, `the image cuts the ${rung.edge} of ${name}`));
}
