import type { Signing } from './sign.ts';

/** What differs from one service to another. */
export interface Dialect {
  /** How whole instances are asked for: PS3.18 section 10.4. */
  instance: string;
  /** Entries of a list beyond which the service is silent about the others. */
  mostListed: number;
  /** How it knows us, where that is by signatures. */
  signing?: Signing;
}

/** As it is stored, in whatever transfer syntax: pixels that a server encodes again are other pixels. */
const STANDARD: Dialect = {
  instance: 'multipart/related; type="application/dicom"; transfer-syntax=*',
  mostListed: Number.POSITIVE_INFINITY,
};

/**
 * AWS HealthImaging as its developer guide describes it (DICOMweb, version of November 2026). It keeps pixels as lossless
 * High-Throughput JPEG 2000, which is not read here, and gives them without compression.
 */
const healthImaging = (region: string): Dialect => ({
  instance: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1',
  mostListed: 10_000,
  signing: { service: 'medical-imaging', region },
});

export function dialectOf({ hostname }: URL): Dialect {
  const [, region] = /^dicom-medical-imaging\.([a-z0-9-]+)\.amazonaws\.com$/.exec(hostname) ?? [];
  return region === undefined ? STANDARD : healthImaging(region);
}
