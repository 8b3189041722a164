import { deflateSync, gzipSync } from 'node:zlib';
import { IDENTITY } from '#lib/math/vec3.ts';
import { readMetaImage } from '#lib/nifti/read-metaimage.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { readNrrd } from '#lib/nifti/read-nrrd.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import type { Random } from '#lib/random.ts';
import { mutateBytes, oneOf } from './mutate-bytes.ts';
import { mutateText } from './mutate-text.ts';
import type { Target } from './target.ts';

const VOXELS = Int16Array.from({ length: 60 }, (_, n) => n);
const BYTES = Buffer.from(VOXELS.buffer);
const GRID = { size: [3, 4, 5], originMm: [1, 2, 3], spacingMm: [1, 2, 3], direction: IDENTITY };
const NIFTI = Buffer.from(writeNifti({ grid: GRID, data: VOXELS } as Parameters<typeof writeNifti>[0], false));
const NRRD = `NRRD0005
type: short
dimension: 3
space: left-posterior-superior
sizes: 3 4 5
space directions: (1,0,0) (0,2,0) (0,0,3)
kinds: domain domain domain
endian: little
encoding: gzip
space origin: (1,2,3)
byte skip: 0
`;
const META = `ObjectType = Image
NDims = 3
BinaryData = True
BinaryDataByteOrderMSB = False
CompressedData = True
TransformMatrix = 1 0 0 0 1 0 0 0 1
Offset = 1 2 3
ElementSpacing = 1 2 3
DimSize = 3 4 5
ElementType = MET_SHORT
ElementDataFile = LOCAL
`;

interface Mutant {
  read(bytes: Uint8Array): unknown;
  bytes: Uint8Array;
}

/** NIfTI, NRRD and MetaImage: headers changed by field, packed content by bytes. */
export function imageTarget(): Target {
  return {
    mutant: (random) => oneOf(random, [niftiMutant, nrrdMutant, metaMutant])(random),
    async read(mutant) {
      const { read, bytes } = mutant as Mutant;
      read(bytes);
    },
  };
}

function niftiMutant(random: Random): Mutant {
  const bytes =
    random() < 0.8 ? Buffer.concat([mutateBytes(NIFTI.subarray(0, 352), random), NIFTI.subarray(352)]) : NIFTI;
  const packed = random() < 0.5 ? gzipSync(bytes) : bytes;
  return { read: readNifti, bytes: random() < 0.2 ? mutateBytes(packed, random) : packed };
}

function nrrdMutant(random: Random): Mutant {
  const header = random() < 0.9 ? mutateText(NRRD, random) : NRRD;
  const content = random() < 0.3 ? mutateBytes(gzipSync(BYTES), random) : gzipSync(BYTES);
  return { read: readNrrd, bytes: Buffer.concat([Buffer.from(`${header}\n`), content]) };
}

function metaMutant(random: Random): Mutant {
  const header = random() < 0.9 ? mutateText(META, random) : META;
  const content = random() < 0.3 ? mutateBytes(deflateSync(BYTES), random) : deflateSync(BYTES);
  return { read: readMetaImage, bytes: Buffer.concat([Buffer.from(header), content]) };
}
