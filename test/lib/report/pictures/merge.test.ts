import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY } from '#lib/math/vec3.ts';
import { drawPictures } from '#lib/report/pictures/draw.ts';
import { mergePictures } from '#lib/report/pictures/merge.ts';
import type { ImagePictures } from '#lib/report/pictures/picture.ts';
import { sphereScene } from '#test/fixtures/sphere-scene.ts';

function axialAt(z: number, reason: string, notes: string[] = []): ImagePictures {
  return drawPictures(sphereScene(IDENTITY, [0, 0, 0]), [{ plane: 'axial', pointMm: [0, 0, z], reason }], notes);
}

test('stages that request one plane share a picture with both reasons; other planes stay separate', () => {
  const { images } = mergePictures([
    { images: [axialAt(0.5, 'hottest point', ['a note'])] },
    { images: [axialAt(0.5, 'an island', ['a note']), { ...axialAt(4.5, 'a gap'), seriesUid: 'other' }] },
    { images: [axialAt(4.5, 'an overlap')] },
  ]);
  const shown = images.map(({ seriesUid, notes, pictures }) => ({
    seriesUid,
    notes,
    pictures: pictures.map(({ positionMm, reasons }) => [positionMm, reasons.join('; ')]),
  }));
  assert.deepEqual(shown, [
    {
      seriesUid: '5',
      notes: ['a note'],
      pictures: [
        [0.5, 'hottest point; an island'],
        [4.5, 'an overlap'],
      ],
    },
    { seriesUid: 'other', notes: [], pictures: [[4.5, 'a gap']] },
  ]);
});
