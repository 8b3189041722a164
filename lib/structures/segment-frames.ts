import type { DeferredBytes } from '../dicom/byte-list.ts';
import { SopClass } from '../dicom/uid.ts';
import type { DicomJson } from '../dicom/write.ts';
import type { Grid, Mask } from '../image/grid.ts';
import { countVoxelsBySlice } from '../image/mask.ts';

/** How a segmentation holds its segments: PS3.3 C.8.20.2. */
export interface SegmentFrames {
  type: 'BINARY' | 'LABELMAP';
  sopClassUid: string;
  bitsAllocated: 1 | 8 | 16;
  /** What tells frames apart, the slice last. */
  dimensions: DicomJson[];
  frames: SegmentFrame[];
  pixels: DeferredBytes;
}

export interface SegmentFrame {
  /** Undefined where a frame holds all segments. */
  segment?: number;
  /** Index of the slice in the grid. */
  k: number;
}

const BY_SEGMENT: DicomJson = {
  DimensionIndexPointer: 'ReferencedSegmentNumber',
  FunctionalGroupPointer: 'SegmentIdentificationSequence',
};
const BY_PLACE: DicomJson = {
  DimensionIndexPointer: 'ImagePositionPatient',
  FunctionalGroupPointer: 'PlanePositionSequence',
};

/** A frame for each slice of each segment that has voxels, one bit a pixel: segments may overlap. Numbered from 1. */
export function binaryFrames(masks: Mask[], grid: Grid): SegmentFrames {
  const frames = masks.flatMap((mask, s) => slicesOf(mask).map((k) => ({ segment: s + 1, k, mask })));
  const framePixels = grid.size[0] * grid.size[1];
  return {
    type: 'BINARY',
    sopClassUid: SopClass.segmentation,
    bitsAllocated: 1,
    dimensions: [BY_SEGMENT, BY_PLACE],
    frames,
    // Made in the file itself: of many structures in a large image they are a gigabyte. PS3.5 section 8.1.1: the lowest
    // bit first, frame after frame without a gap.
    pixels: {
      byteLength: Math.ceil((frames.length * framePixels) / 8),
      writeTo(bits) {
        frames.forEach(({ mask, k }, f) => {
          forEachPixel(mask, k, grid.size[0], (pixel) => {
            const bit = f * framePixels + pixel;
            bits[Math.floor(bit / 8)] |= 1 << (bit % 8);
          });
        });
      },
    },
  };
}

const MOST_IN_A_BYTE = 255;

/**
 * A frame for each slice that has voxels, whose pixels hold the number of their segment, 0 for none (PS3.3 A.51, Label Map
 * Segmentation Storage). Only for masks that share no voxel. Numbered from 1.
 */
export function labelMapFrames(masks: Mask[], grid: Grid): SegmentFrames {
  const slices = [...new Set(masks.flatMap(slicesOf))].sort((a, b) => a - b);
  const framePixels = grid.size[0] * grid.size[1];
  const bytes = masks.length > MOST_IN_A_BYTE ? 2 : 1;
  return {
    type: 'LABELMAP',
    sopClassUid: SopClass.labelMapSegmentation,
    bitsAllocated: bytes === 2 ? 16 : 8,
    dimensions: [BY_PLACE],
    frames: slices.map((k) => ({ k })),
    pixels: {
      byteLength: slices.length * framePixels * bytes,
      writeTo(target) {
        masks.forEach((mask, s) => {
          const [low, high] = [(s + 1) & 255, (s + 1) >> 8];
          slices.forEach((k, f) => {
            forEachPixel(mask, k, grid.size[0], (pixel) => {
              const at = (f * framePixels + pixel) * bytes;
              target[at] = low;
              if (bytes === 2) target[at + 1] = high;
            });
          });
        });
      },
    },
  };
}

/** Slices on which the mask has voxels. */
function slicesOf(mask: Mask): number[] {
  return countVoxelsBySlice(mask).flatMap((count, dk) => (count > 0 ? [mask.box.start[2] + dk] : []));
}

/** Calls with each pixel of the slice that lies inside, row by row. */
function forEachPixel({ box, data }: Mask, k: number, columns: number, found: (pixel: number) => void): void {
  const [si, sj, sk] = box.start;
  const [bx, by, bz] = box.size;
  if (k < sk || k >= sk + bz) return;
  for (let j = 0; j < by; j++) {
    const from = bx * (j + by * (k - sk));
    const to = si + columns * (sj + j);
    for (let i = 0; i < bx; i++) if (data[from + i] === 1) found(to + i);
  }
}
