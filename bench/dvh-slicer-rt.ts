import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { DEFAULT_MEASURE_OPTIONS } from '../lib/dvh/course.ts';
import { doseField } from '../lib/dvh/dose-field.ts';
import { measureRoi } from '../lib/dvh/measure-roi.ts';
import { doseAtVolumeGy } from '../lib/dvh/metrics/curve.ts';
import { readNrrd } from '../lib/nifti/read-nrrd.ts';
import type { Contour, Roi } from '../lib/rt/structure-set.ts';
import { absent, sharedPath } from '../test/fixtures/shared.ts';

/** Programs whose curves SlicerRT keeps as references of its tests. */
const PROGRAMS = ['CERR', 'SlicerRT', 'Eclipse'];

/** A structure of the plan: its file, its name in the tables of curves, its name here. */
const STRUCTURES = [
  [1, 'Bladder', 'Bladder'],
  [2, 'FemoralHeadLt', 'Femoral head, left'],
  [3, 'FemoralHeadRT', 'Femoral head, right'],
  [4, 'PTV', 'PTV'],
  [5, 'Rectum', 'Rectum'],
] as const;

/** Volume by least dose; percent of `volumeCc`. */
interface PeerCurve {
  volumeCc: number;
  doseGy: number[];
  percent: number[];
}

/** Ours beside the curves that SlicerRT's tests hold of CERR, SlicerRT and Eclipse on one prostate plan: a row per ROI. */
export function slicerRtTable(): string[] {
  const folder = sharedPath('data/slicerrt-eclipse-prostate');
  if (!folder) throw new Error(String(absent('data/slicerrt-eclipse-prostate')));
  const read = (file: string) => readFileSync(`${folder}/EclipseProstate_${file}`);
  const { grid, data } = readNrrd(read('Dose.nrrd'));
  const dose = doseField({ grid, data: Float64Array.from(data) });
  const tables = PROGRAMS.map((program) => read(`DvhTable_${program}.csv`).toString());
  return [
    '| ROI | volume, cc | mean, Gy | D95%, Gy | D50%, Gy | D5%, Gy |',
    '|---|---|---|---|---|---|',
    ...STRUCTURES.map(([file, column, name]) => {
      const ours = measuredCells(planarContours(name, read(`Structures.seg_${file}.vtp`).toString()), dose);
      const theirs = tables.map((table) => curveCells(peerCurve(table, column)));
      return `| ${[name, ...ours.map((cell, n) => [cell, ...theirs.map((one) => one[n])].join(' / '))].join(' | ')} |`;
    }),
  ];
}

function measuredCells(roi: Roi, dose: ReturnType<typeof doseField>): string[] {
  const options = { ...DEFAULT_MEASURE_OPTIONS, endCap: 'half-gap' as const };
  const { fine, volumeCc } = measureRoi({ region: { kind: 'contours', roi }, dose, options, where: '' });
  if (!fine) throw new Error(`no dose in ${roi.name}`);
  const doses = [95, 50, 5].map((percent) => doseAtVolumeGy(fine.curve, (percent / 100) * volumeCc));
  return [volumeCc.toFixed(1), ...[fine.meanGy, ...doses].map((gy) => gy.toFixed(2))];
}

function curveCells(curve: PeerCurve): string[] {
  const doses = [95, 50, 5].map((percent) => doseAtPercentGy(curve, percent));
  return [curve.volumeCc.toFixed(1), ...[meanGy(curve), ...doses].map((gy) => gy.toFixed(2))];
}

/** The pair of columns of a structure; its volume stands in the title. */
function peerCurve(table: string, name: string): PeerCurve {
  const [titles, ...lines] = table.trim().split(/\r?\n/);
  const at = titles.split(',').findIndex((title) => title.replaceAll(' ', '').startsWith(name));
  const volumeCc = Number(/% of ([\d.]+) cc/.exec(titles.split(',')[at + 1])?.[1]);
  const points = lines.map((line) => line.split(',').slice(at, at + 2)).filter(([gy, percent]) => gy && percent);
  return { volumeCc, doseGy: points.map(([gy]) => Number(gy)), percent: points.map(([, percent]) => Number(percent)) };
}

function doseAtPercentGy({ doseGy, percent }: PeerCurve, wanted: number): number {
  const after = percent.findIndex((one) => one < wanted);
  const part = (percent[after - 1] - wanted) / (percent[after - 1] - percent[after]);
  return doseGy[after - 1] + part * (doseGy[after] - doseGy[after - 1]);
}

/** The area below the curve. */
function meanGy({ doseGy, percent }: PeerCurve): number {
  return doseGy
    .slice(1)
    .reduce((sum, gy, n) => sum + ((gy - doseGy[n]) * (percent[n] + percent[n + 1])) / 200, doseGy[0]);
}

/** Closed contours of a VTK file of polygons by line, whose axes point right, to the front and up. */
function planarContours(name: string, vtp: string): Roi {
  const points = new Float32Array(arrayOf(vtp, 'Points'));
  const connectivity = new BigInt64Array(arrayOf(vtp, 'connectivity'));
  const offsets = new BigInt64Array(arrayOf(vtp, 'offsets'));
  const contours = Array.from(offsets, (end, n): Contour => {
    const places = Array.from(connectivity.subarray(n === 0 ? 0 : Number(offsets[n - 1]), Number(end) - 1), Number);
    const pointsMm = Float64Array.from(
      places.flatMap((place) => [-points[3 * place], -points[3 * place + 1], points[3 * place + 2]]),
    );
    return { type: 'CLOSED_PLANAR', pointsMm, imageUids: [] };
  });
  return { number: 1, name, interpretedType: '', generationAlgorithm: '', frameOfReferenceUid: '', contours };
}

/** The bytes of an array of lines or points: blocks of zlib behind a header of 32-bit numbers, both in base64. */
function arrayOf(vtp: string, name: string): ArrayBuffer {
  const inLines = name === 'Points' ? vtp : vtp.slice(vtp.indexOf('<Lines>'));
  const text = new RegExp(`Name="${name}"[^>]*>\\s*([A-Za-z0-9+/=]+)`).exec(inLines)?.[1];
  if (text === undefined) throw new Error(`no array ${name}`);
  const blocks = Buffer.from(text.slice(0, 8), 'base64').readUInt32LE(0);
  const headerBytes = 4 * (3 + blocks);
  const headerText = 4 * Math.ceil(headerBytes / 3);
  const header = Buffer.from(text.slice(0, headerText), 'base64');
  const data = Buffer.from(text.slice(headerText), 'base64');
  let at = 0;
  const parts = Array.from({ length: blocks }, (_, n) => {
    const end = at + header.readUInt32LE(4 * (3 + n));
    const part = inflateSync(data.subarray(at, end));
    at = end;
    return part;
  });
  return Uint8Array.from(Buffer.concat(parts)).buffer;
}
