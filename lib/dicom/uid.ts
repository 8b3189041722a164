/** Transfer syntaxes, PS3.5 section 10 and PS3.6 annex A. */
export const TransferSyntax = {
  implicitVrLittleEndian: '1.2.840.10008.1.2',
  explicitVrLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitVrLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitVrBigEndian: '1.2.840.10008.1.2.2',
  encapsulatedUncompressed: '1.2.840.10008.1.2.1.98',
  jpegBaseline8Bit: '1.2.840.10008.1.2.4.50',
  jpegExtended12Bit: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.57',
  jpegLosslessSv1: '1.2.840.10008.1.2.4.70',
  jpegLsLossless: '1.2.840.10008.1.2.4.80',
  jpegLsNearLossless: '1.2.840.10008.1.2.4.81',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  jpeg2000: '1.2.840.10008.1.2.4.91',
  rleLossless: '1.2.840.10008.1.2.5',
} as const;

/** SOP classes that this product tells apart, PS3.4 annex B and PS3.6 annex A. */
export const SopClass = {
  mediaStorageDirectory: '1.2.840.10008.1.3.10',
  ctImage: '1.2.840.10008.5.1.4.1.1.2',
  enhancedCtImage: '1.2.840.10008.5.1.4.1.1.2.1',
  legacyConvertedEnhancedCtImage: '1.2.840.10008.5.1.4.1.1.2.2',
  mrImage: '1.2.840.10008.5.1.4.1.1.4',
  enhancedMrImage: '1.2.840.10008.5.1.4.1.1.4.1',
  legacyConvertedEnhancedMrImage: '1.2.840.10008.5.1.4.1.1.4.4',
  petImage: '1.2.840.10008.5.1.4.1.1.128',
  legacyConvertedEnhancedPetImage: '1.2.840.10008.5.1.4.1.1.128.1',
  enhancedPetImage: '1.2.840.10008.5.1.4.1.1.130',
  secondaryCaptureImage: '1.2.840.10008.5.1.4.1.1.7',
  spatialRegistration: '1.2.840.10008.5.1.4.1.1.66.1',
  deformableSpatialRegistration: '1.2.840.10008.5.1.4.1.1.66.3',
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  labelMapSegmentation: '1.2.840.10008.5.1.4.1.1.66.7',
  rtImage: '1.2.840.10008.5.1.4.1.1.481.1',
  rtDose: '1.2.840.10008.5.1.4.1.1.481.2',
  rtStructureSet: '1.2.840.10008.5.1.4.1.1.481.3',
  rtBeamsTreatmentRecord: '1.2.840.10008.5.1.4.1.1.481.4',
  rtPlan: '1.2.840.10008.5.1.4.1.1.481.5',
  rtBrachyTreatmentRecord: '1.2.840.10008.5.1.4.1.1.481.6',
  rtTreatmentSummaryRecord: '1.2.840.10008.5.1.4.1.1.481.7',
  rtIonPlan: '1.2.840.10008.5.1.4.1.1.481.8',
  rtIonBeamsTreatmentRecord: '1.2.840.10008.5.1.4.1.1.481.9',
} as const;

/** This product's own root for files that it writes: a UUID-derived UID, PS3.5 annex B.2. */
export const IMPLEMENTATION_CLASS_UID = '2.25.213170441398254176243985271634908136527';

export const IMPLEMENTATION_VERSION_NAME = 'RTPIPELINE';

const MAX_UID_LENGTH = 64;
const UUID_BYTES = 16;

/**
 * A UID of the form 2.25.<decimal> (PS3.5 annex B.2) from at least 128 bits of a digest: the same digest gives the
 * same UID. Version and variant bits are set as in a name-based UUID (RFC 9562, version 8).
 */
export function uidFromDigest(digest: Uint8Array): string {
  if (digest.length < UUID_BYTES)
    throw new RangeError(`a UID needs ${UUID_BYTES} bytes of digest, not ${digest.length}`);
  const uuid = Uint8Array.from(digest.subarray(0, UUID_BYTES));
  uuid[6] = (uuid[6] & 0x0f) | 0x80;
  uuid[8] = (uuid[8] & 0x3f) | 0x80;
  return `2.25.${uuid.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)}`;
}

/** A UID from a name, by 128-bit FNV-1a: for generated objects that must be the same in every run. Not secret. */
export function uidFromName(name: string): string {
  return uidFromDigest(fnv1a128(new TextEncoder().encode(name)));
}

/** Digits and dots, no empty or zero-led component, at most 64 characters (PS3.5 section 9.1). */
export function isUid(text: string): boolean {
  return text.length <= MAX_UID_LENGTH && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(text);
}

/** http://www.isthe.com/chongo/tech/comp/fnv/ : offset basis and prime of the 128-bit hash. */
const FNV_OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const FNV_PRIME = 0x0000000001000000000000000000013bn;

function fnv1a128(bytes: Uint8Array): Uint8Array {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * FNV_PRIME);
  return Uint8Array.from({ length: UUID_BYTES }, (_, i) => Number((hash >> BigInt(8 * (UUID_BYTES - 1 - i))) & 0xffn));
}
