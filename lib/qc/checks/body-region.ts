import { type Finding, finding } from '../../findings.ts';
import { REGIONS, type Region, regionOfOrgan, regionsApart, regionsOfBodyPart } from '../body-regions.ts';
import type { Check, QcThresholds } from '../check.ts';
import type { CourseFacts, ImageFacts } from '../facts.ts';

/** Scanners state the body part by the protocol, and the protocol may be another: only what lies far apart is told. */
export const bodyRegion: Check = {
  name: 'body_region',
  meaning: 'the organs in an image lie in or beside the body part that its header states',
  applies: (facts) => facts.images.some((image) => canLook(image, facts)),
  run: (facts, thresholds) => facts.images.flatMap((image) => look(image, facts, thresholds)),
};

function canLook(image: ImageFacts, facts: CourseFacts): boolean {
  return regionsOfBodyPart(image.bodyPart).length > 0 && regionsIn(image, facts).length > 0;
}

function look(image: ImageFacts, facts: CourseFacts, { region_organs: fewest }: QcThresholds): Finding[] {
  const stated = regionsOfBodyPart(image.bodyPart);
  const found = regionsIn(image, facts);
  const isNear = found.some((region) => stated.some((one) => regionsApart(one, region) < 2));
  if (stated.length === 0 || found.length < fewest || isNear) return [];
  const seen = REGIONS.filter((region) => found.includes(region)).join(', ');
  const message = `the header states ${image.bodyPart}, and the ${found.length} organs with a mask lie in: ${seen}`;
  return [finding('BODY_PART_DIFFERS', image.seriesInstanceUid, message)];
}

/** The region of each organ with a mask on the image. */
function regionsIn({ seriesInstanceUid }: ImageFacts, { structures }: CourseFacts): Region[] {
  const names = structures
    .filter(({ imageSeriesUid, measures }) => imageSeriesUid === seriesInstanceUid && measures !== undefined)
    .map(({ standardName }) => standardName);
  return [...new Set(names)].flatMap((name) => regionOfOrgan(name) ?? []);
}
