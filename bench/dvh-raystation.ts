import { readFileSync } from 'node:fs';
import { readDataSet } from '../lib/dicom/read.ts';
import { DEFAULT_MEASURE_OPTIONS } from '../lib/dvh/course.ts';
import { doseField } from '../lib/dvh/dose-field.ts';
import { measureRoi } from '../lib/dvh/measure-roi.ts';
import { doseAtVolumeGy } from '../lib/dvh/metrics/curve.ts';
import { contourSolid } from '../lib/dvh/solid/contour-solid.ts';
import { sideAreaMm2 } from '../lib/dvh/solid/solid.ts';
import { readContourPlanes } from '../lib/rt/contours/contour-planes.ts';
import { readDose } from '../lib/rt/read-dose.ts';
import { readStructureSet } from '../lib/rt/read-structure-set.ts';
import type { Roi } from '../lib/rt/structure-set.ts';
import { absent, sharedPath } from '../test/fixtures/shared.ts';

/** A DVH of PyPlanScoring: cc with at least n cGy. */
interface PeerDvh {
  data: number[];
  mean: number;
  max: number;
}

/** Ours beside the DVHs of PyPlanScoring on a RayStation plan, a row per ROI. */
export async function raystationTable(): Promise<string[]> {
  const folder = sharedPath('data/raystation-brain-srs');
  if (!folder) throw new Error(String(absent('data/raystation-brain-srs')));
  const read = (file: string) => readDataSet(readFileSync(`${folder}/${file}`));
  const { rois } = readStructureSet(read('RS1.2.752.243.1.1.20180405120828292.2900.76357.dcm'));
  const dose = doseField((await readDose(read('RD1.2.752.243.1.1.20180405120828294.3200.66183.dcm'))).volume);
  const peers: Record<string, PeerDvh> = JSON.parse(readFileSync(`${folder}/pyplanscoring-vmat-dvh.json`, 'utf8'));
  return [
    '| ROI | volume, cc | shell, mm | mean, Gy | D95%, Gy | D50%, Gy | D5%, Gy | max, Gy |',
    '|---|---|---|---|---|---|---|---|',
    ...rois.filter(({ number }) => peers[number]).map((roi) => row(roi, peers[roi.number])),
  ];

  function row(roi: Roi, peer: PeerDvh): string {
    const options = { ...DEFAULT_MEASURE_OPTIONS, endCap: 'half-gap' as const };
    const { fine, volumeCc } = measureRoi({ region: { kind: 'contours', roi }, dose, options, where: '' });
    if (!fine) throw new Error(`no dose in ${roi.name}`);
    const { solid } = contourSolid(readContourPlanes(roi.contours, ''), options, '');
    const shellMm = ((volumeCc - peer.data[0]) * 1000) / sideAreaMm2(solid);
    const pair = (ours: number, theirs: number) => `${ours.toFixed(2)} / ${theirs.toFixed(2)}`;
    const dose2 = (percent: number) =>
      pair(
        doseAtVolumeGy(fine.curve, (percent / 100) * volumeCc),
        peer.data.findIndex((cc) => cc < (percent / 100) * peer.data[0]) / 100,
      );
    const cells = [pair(volumeCc, peer.data[0]), shellMm.toFixed(2), pair(fine.meanGy, peer.mean)];
    return `| ${[roi.name, ...cells, dose2(95), dose2(50), dose2(5), pair(fine.maxGy, peer.max)].join(' | ')} |`;
  }
}
