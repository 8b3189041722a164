import { ownKeys } from '../own-keys.ts';

/**
 * Private elements that may stay under the Retain Safe Private Option, by their creator: those of PS3.15 table E.3.10-1
 * that SUV needs, and the time to which GE corrects the decay (its conformance statement), whose date is shifted.
 */
const SAFE_PRIVATE = ownKeys<Record<string, { group: string; vr: string }>>({
  'Philips PET Private Group': { '00': { group: '7053', vr: 'DS' }, '09': { group: '7053', vr: 'DS' } },
  GEMS_PETD_01: { '0d': { group: '0009', vr: 'DT' } },
});

/** The VR of a safe private element, its creator given; undefined when it is not safe. */
export function safePrivateVr(tag: string, creator: string): string | undefined {
  const known = SAFE_PRIVATE[creator]?.[tag.slice(7)];
  return known?.group === tag.slice(1, 5) ? known.vr : undefined;
}

/** Tag of the element that names the owner of a private element: (gggg,xxee) -> (gggg,00xx), PS3.5 section 7.8.1. */
export function creatorTag(tag: string): string {
  return `${tag.slice(0, 5)}00${tag.slice(5, 7)}`;
}
