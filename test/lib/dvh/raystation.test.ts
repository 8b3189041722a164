import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readDataSet } from '#lib/dicom/read.ts';
import { DEFAULT_MEASURE_OPTIONS } from '#lib/dvh/course.ts';
import { doseField } from '#lib/dvh/dose-field.ts';
import { measureRoi } from '#lib/dvh/measure-roi.ts';
import { doseAtVolumeGy } from '#lib/dvh/metrics/curve.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import type { Roi } from '#lib/rt/structure-set.ts';
import { absent, sharedPath } from '../../fixtures/shared.ts';

// A RayStation plan for five brain metastases, and DVHs of it by PyPlanScoring: a cross-check and no truth. Its volumes
// are counts of sample points inside the contours, and points on the border count as outside: targets of 0.4 cc come out
// 5 to 6 % small (its five targets add up to 6.43 cc, its union of the same five is 6.06 cc; here 6.61 and 6.61), and as
// the lost shell is the cold one, their D98% and D95% come out high.

const folder = sharedPath('data/raystation-brain-srs');
const skip = absent('data/raystation-brain-srs');

interface PeerDvh {
  name: string;
  /** cc with at least n cGy. */
  data: number[];
  mean: number;
  max: number;
}

const rois: Roi[] = folder ? readStructureSet(dataSet('RS1.2.752.243.1.1.20180405120828292.2900.76357.dcm')).rois : [];
const dose = folder
  ? doseField((await readDose(dataSet('RD1.2.752.243.1.1.20180405120828294.3200.66183.dcm'))).volume)
  : undefined;

function dataSet(file: string) {
  return readDataSet(readFileSync(`${folder}/${file}`));
}

function measure(roi: Roi) {
  const region = { kind: 'contours' as const, roi };
  return measureRoi({
    region,
    dose,
    options: { ...DEFAULT_MEASURE_OPTIONS, endCap: 'half-gap' as const },
    where: `ROI ${roi.number}`,
  });
}

test('DVHs match PyPlanScoring as far as its definitions allow', { skip }, () => {
  const peers: Record<string, PeerDvh> = JSON.parse(readFileSync(`${folder}/pyplanscoring-vmat-dvh.json`, 'utf8'));
  const compared = rois.filter((roi) => peers[roi.number] && !/ALL|Low Dose/.test(roi.name));
  assert.equal(compared.length, 9);
  for (const roi of compared) {
    const { fine, volumeCc } = measure(roi);
    const peer = peers[roi.number];
    assert.ok(fine);
    const smaller = volumeCc / peer.data[0] - 1;
    assert.ok(smaller > 0 && smaller < 0.07, `${roi.name}: ${volumeCc} cc against ${peer.data[0]} cc`);
    assert.ok(Math.abs(fine.meanGy - peer.mean) < 0.21, `${roi.name}: mean ${fine.meanGy} against ${peer.mean}`);
    assert.ok(fine.maxGy > peer.max - 0.03, `${roi.name}: max ${fine.maxGy} against ${peer.max}`);
    for (const [part, tolerance] of [
      [0.5, 0.2],
      [0.05, 0.1],
    ]) {
      const peerGy = peer.data.findIndex((cc) => cc < part * peer.data[0]) / 100;
      const ours = doseAtVolumeGy(fine.curve, part * volumeCc);
      assert.ok(Math.abs(ours - peerGy) < tolerance, `${roi.name}: D${part} ${ours} against ${peerGy}`);
    }
  }
});

test('the target volumes add up to the volume of their union', { skip }, () => {
  const volume = (name: RegExp) =>
    rois.filter((roi) => name.test(roi.name)).reduce((sum, roi) => sum + measure(roi).volumeCc, 0);
  const [parts, union] = [volume(/^PTV_\d$/), volume(/^PTV_ALL$/)];
  assert.ok(Math.abs(parts / union - 1) < 0.001, `${parts} cc against ${union} cc`);
});

test('every ROI of a set with hollow walls, points and separate pieces has a status', { skip }, () => {
  const statuses = rois.map((roi) => measure(roi).status);
  assert.equal(statuses.filter((status) => status === 'ok').length, 24);
  assert.equal(statuses.filter((status) => status === 'empty').length, 4);
});
