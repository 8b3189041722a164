/**
 * Ends of structures by other programs: dicompyler-core with its defaults and plastimatch on voxels of 1 x 1 mm and the
 * distance of the planes, on the files of the same cuts: `npm run peers:dvh-ends`. plastimatch from the system's packages.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { DEFAULT_MEASURE_OPTIONS } from '../../lib/dvh/course.ts';
import type { DoseField } from '../../lib/dvh/dose-field.ts';
import { measureRoi } from '../../lib/dvh/measure-roi.ts';
import type { EndCap } from '../../lib/dvh/solid/solid.ts';
import type { Roi } from '../../lib/rt/structure-set.ts';
import { dPercent } from '../../test/fixtures/dvh-phantom.ts';
import { conformalDose, cut, dOf, type Truth, truthOf } from '../ends/end-cases.ts';
import { doseFile, structureSetFile } from '../ends/files.ts';
import { fineShapes } from '../ends/fine-shapes.ts';
import { DICOMPYLER, runPeer } from './dvh-peers.ts';

/** Those of the radiosurgery plan but the wall, the hole of which plastimatch fills: 20 % of its volume, 28 Gy of its D95%. */
const SHAPES = 8;
const GAPS_MM = [2, 3, 5];
const PARTS = [0.2, 0.7];

const folder = mkdtempSync(join(tmpdir(), 'peers-ends-'));
try {
  const jobs = fineShapes()
    .slice(0, SHAPES)
    .flatMap((shape, s) => {
      const dose = conformalDose(shape);
      const truth = truthOf(shape, dose);
      const file = join(folder, `${s}-dose.dcm`);
      writeFileSync(file, doseFile(dose));
      return GAPS_MM.flatMap((gapMm) =>
        PARTS.map((part) => {
          const structures = join(folder, `${s}-${gapMm}-${part}.dcm`);
          const { roi } = cut(shape, gapMm, part);
          writeFileSync(structures, structureSetFile(roi));
          return { structures, dose: file, gapMm, part, truth, field: dose, roi };
        }),
      );
    });
  const peer = await runPeer(DICOMPYLER, jobs);
  console.log('| planes | program | volume % | D95 Gy | Dmin Gy |\n|---|---|---|---|---|');
  for (const gapMm of GAPS_MM) {
    const ours = jobs.filter((job) => job.gapMm === gapMm);
    for (const endCap of ['rounded', 'half-gap'] as const)
      show(
        gapMm,
        `rtpipeline, ${endCap}`,
        ours.map((job) => measured(job, endCap)),
      );
    const rows = jobs.flatMap((job, n) => {
      const { values } = peer.jobs[n].rois[0];
      return job.gapMm === gapMm && !('error' in values)
        ? [errorsOf(job.truth, values.volume, values.D95, values.Dmin)]
        : [];
    });
    show(gapMm, 'dicompyler-core', rows);
    const voxels: number[][] = [];
    for (const job of jobs) if (job.gapMm === gapMm) voxels.push(await plastimatch(job));
    show(gapMm, 'plastimatch', voxels);
  }
} finally {
  rmSync(folder, { recursive: true });
}

interface EndJob {
  structures: string;
  dose: string;
  gapMm: number;
  part: number;
  truth: Truth;
  field: DoseField;
  roi: Roi;
}

function measured({ roi, field, gapMm, truth }: EndJob, endCap: EndCap): number[] {
  const options = { ...DEFAULT_MEASURE_OPTIONS, endCap, singlePlaneMm: gapMm };
  const { fine, volumeCc } = measureRoi({ region: { kind: 'contours', roi }, dose: field, options, where: '' });
  return fine ? errorsOf(truth, volumeCc, dPercent(fine, 95), fine.minGy) : [];
}

/** The structure on voxels whose slices are the planes of its contours, and the histogram of its voxels. */
async function plastimatch({ structures, dose, gapMm, part, truth, field }: EndJob): Promise<number[]> {
  const { size, spacingMm } = field.volume.grid;
  const extent = size.map((n, a) => (n - 1) * spacingMm[a]);
  const [nx, ny, nz] = [Math.ceil(extent[0]), Math.ceil(extent[1]), Math.floor(extent[2] / gapMm - part) + 1];
  const [grid, image, names, csv] = ['grid.mha', 'ss.mha', 'ss.txt', 'dvh.csv'].map((name) => join(folder, name));
  const header = `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nOffset = 0 0 ${part * gapMm}\nElementSpacing = 1 1 ${gapMm}\nDimSize = ${nx} ${ny} ${nz}\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n`;
  writeFileSync(grid, Buffer.concat([Buffer.from(header), Buffer.alloc(nx * ny * nz)]));
  await execa('plastimatch', [
    'convert',
    '--input',
    structures,
    '--fixed',
    grid,
    '--output-ss-img',
    image,
    '--output-ss-list',
    names,
  ]);
  const dvh = ['--input-ss-img', image, '--input-ss-list', names, '--input-dose', dose, '--output-csv', csv];
  await execa('plastimatch', ['dvh', ...dvh, '--bin-width', '0.05', '--num-bins', '1300', '--normalization', 'vox']);
  const lines = readFileSync(csv, 'utf8').trim().split(/\r?\n/).slice(1);
  const curve = lines.map((line) => line.split(',').map(Number));
  const total = curve[0][1];
  const atLeast = (voxels: number) => curve.findLast(([, count]) => count >= voxels)?.[0] ?? 0;
  return errorsOf(truth, (total * gapMm) / 1000, atLeast(0.95 * total), atLeast(total));
}

function errorsOf(truth: Truth, volumeCc: number, d95Gy: number, minGy: number): number[] {
  return [(volumeCc / truth.volumeCc - 1) * 100, d95Gy - dOf(truth, 95), minGy - truth.dosesGy[0]];
}

function show(gapMm: number, program: string, rows: number[][]): void {
  const cells = [0, 1, 2].map((m) => {
    const mean = rows.reduce((sum, row) => sum + row[m], 0) / rows.length;
    const sd = Math.sqrt(rows.reduce((sum, row) => sum + (row[m] - mean) ** 2, 0) / rows.length);
    return `${mean.toFixed(2)} ± ${sd.toFixed(2)}`;
  });
  console.log(`| ${gapMm} mm | ${program} | ${cells.join(' | ')} |`);
}
