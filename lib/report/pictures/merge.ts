import type { CoursePictures, ImagePictures, Picture } from './picture.ts';

/** The pictures of several stages, image by image: two of one plane are one picture with the reasons of both. */
export function mergePictures(parts: readonly CoursePictures[]): CoursePictures {
  const byImage = Map.groupBy(
    parts.flatMap(({ images }) => images),
    ({ seriesUid }) => seriesUid,
  );
  return { images: [...byImage.values()].map(mergeImage) };
}

function mergeImage(parts: ImagePictures[]): ImagePictures {
  const byPlane = Map.groupBy(
    parts.flatMap(({ pictures }) => pictures),
    ({ plane, positionMm }) => `${plane} ${positionMm}`,
  );
  return {
    ...parts[0],
    pictures: [...byPlane.values()].map(mergePlane),
    notes: [...new Set(parts.flatMap(({ notes }) => notes))],
  };
}

function mergePlane(same: Picture[]): Picture {
  return { ...same[0], reasons: [...new Set(same.flatMap(({ reasons }) => reasons))] };
}
