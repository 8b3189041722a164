import type { Finding } from '../finding.ts';
import { type FeatureResult, imageTypeValues, shapeValues } from './extract.ts';
import { imageNames } from './image-types/image-types.ts';
import type { Region } from './preprocessing/prepare-region.ts';
import type { RadiomicsSettings } from './settings.ts';

/** A share of the work on one region: its shape, or some images of one image type. Plain. */
export type Part = { kind: 'shape' } | { kind: 'images'; imageType: number; names: string[] };

export interface PartResult {
  values: Record<string, number>;
  findings: Finding[];
}

/** Images of one type share their filtering, so a part takes several of them. */
const IMAGES_PER_PART = 4;

/** The work on one region in parts that can be done side by side; the result does not depend on who does which. */
export function partsOf(settings: RadiomicsSettings): Part[] {
  const parts: Part[] = settings.featureClasses.some(({ name }) => name.startsWith('shape')) ? [{ kind: 'shape' }] : [];
  settings.imageTypes.forEach(({ type, setting }, imageType) => {
    const names = imageNames(type, setting);
    for (let n = 0; n < names.length; n += IMAGES_PER_PART) {
      parts.push({ kind: 'images', imageType, names: names.slice(n, n + IMAGES_PER_PART) });
    }
  });
  return parts;
}

export function computePart(region: Region, part: Part, settings: RadiomicsSettings): PartResult {
  const findings: Finding[] = [];
  const values =
    part.kind === 'shape'
      ? shapeValues(region, settings, findings)
      : imageTypeValues(region, settings.imageTypes[part.imageType], settings, findings, part.names);
  return { values, findings };
}

/** The results of `partsOf`, in its order, and what the preparation of the region found, as one. */
export function joinParts(
  { diagnostics, findings }: Pick<FeatureResult, 'diagnostics' | 'findings'>,
  results: readonly PartResult[],
): FeatureResult {
  return {
    status: 'ok',
    reason: '',
    values: Object.assign({}, ...results.map(({ values }) => values)),
    diagnostics,
    findings: [...findings, ...results.flatMap((result) => result.findings)],
  };
}
