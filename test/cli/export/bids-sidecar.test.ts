import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Acquisition } from '#lib/rt/course.ts';
import { imageSidecar } from '../../../cli/export/bids-sidecar.ts';
import type { ExportedImage } from '../../../cli/export/courses.ts';

const image = { record: { modality: 'MR', seriesInstanceUid: '1.2.3' } } as ExportedImage;
const empty = { institution: 'St. Elsewhere', convolutionKernel: '', contrastAgent: '', contrastRoute: '' };
const acquisition = { ...empty, manufacturer: 'Maker', model: '', reconstructionAlgorithm: '' } as Acquisition;

// Names and units: BIDS 1.10, magnetic resonance imaging, hardware and timing parameters.
test('an MR sidecar has times in seconds, and no field that the header lacks', () => {
  const mr = { fieldStrengthT: 1.5, echoTimeMs: 100, repetitionTimeMs: 4000, type: '2D' };
  assert.deepEqual(imageSidecar(image, { ...acquisition, sliceThicknessMm: 4, mr }), {
    Modality: 'MR',
    SeriesInstanceUID: '1.2.3',
    Manufacturer: 'Maker',
    SliceThickness: 4,
    MagneticFieldStrength: 1.5,
    EchoTime: 0.1,
    RepetitionTime: 4,
    MRAcquisitionType: '2D',
  });
});

test('a sidecar names no hospital', () => {
  assert.doesNotMatch(JSON.stringify(imageSidecar(image, acquisition)), /Elsewhere/);
});
