import type { DataSet } from '../dicom/data-set.ts';
import { decodeFrames, type StoredValues } from '../dicom/pixels.ts';
import { BadInput } from '../errors.ts';
import { type Finding, finding, findingsOn } from '../findings.ts';
import { GY_PER_CGY } from '../units.ts';
import type { Dose } from './dose.ts';
import { readDoseGeometry } from './dose-geometry.ts';
import { readDoseHeader } from './dose-header.ts';

export interface ReadDoseOptions {
  /** Dose in Gy of the value 1 of a dose in RELATIVE units. */
  relativeUnitGy?: number;
}

/**
 * An RTDOSE with its pixels (PS3.3 A.18), in Gy on a grid of ascending slices; the values lie on a shared buffer, so
 * that threads can read them without a copy. Every summation type is read; which dose counts is not decided here.
 * @throws BadInput when the object holds no dose that means anything: no pixels, no scaling, no place
 */
export async function readDose(dataSet: DataSet, options: ReadDoseOptions = {}): Promise<Dose> {
  const header = readDoseHeader(dataSet);
  const where = header.sopInstanceUid;
  const { grid, frameOrder, findings: ofGeometry } = readDoseGeometry(dataSet);
  const scaling = dataSet.number('DoseGridScaling');
  if (scaling === undefined || !(scaling > 0)) throw new BadInput('the dose has no usable DoseGridScaling', { where });
  const unit = unitOf(header.units, options.relativeUnitGy, where);
  const { data, findings: ofPixels } = await doseValues(dataSet, where);
  const doseGy = scaleFrames(data, frameOrder, scaling, unit.gy);
  const ofType = header.summationTypeAbsent
    ? [finding('DOSE_WITHOUT_SUMMATION_TYPE', where, 'no DoseSummationType; PLAN is assumed')]
    : [];
  const ofValues = plausibility(doseGy, header.doseType, unit.relative, where);
  return {
    sopInstanceUid: where,
    studyInstanceUid: dataSet.text('StudyInstanceUID'),
    frameOfReferenceUid: header.frameOfReferenceUid,
    summationType: header.summationType,
    doseType: header.doseType,
    units: header.units,
    relative: unit.relative,
    planUids: [...new Set(header.planReferences.map((reference) => reference.planUid).filter(Boolean))],
    structureSetUids: header.structureSetUids,
    volume: { grid, data: doseGy },
    findings: findingsOn({ doseUid: where }, [...ofGeometry, ...unit.findings, ...ofPixels, ...ofValues, ...ofType]),
  };
}

/**
 * The stored values. Bits Stored shall equal Bits Allocated in an RTDOSE (PS3.3 C.8.8.3): where a file says
 * less and its values need more, all allocated bits hold the value, and the file is an error.
 */
async function doseValues(dataSet: DataSet, where: string): Promise<{ data: StoredValues; findings: Finding[] }> {
  const frames = await decodeFrames(dataSet);
  if (!frames.droppedBits) return { data: frames.data, findings: [] };
  const { data } = await decodeFrames(dataSet, 'allocated');
  const stored = dataSet.number('BitsStored');
  const message = `values need more than the ${stored} bits that BitsStored says; all allocated bits are read`;
  return { data, findings: [finding('DOSE_BITS_BEYOND_STORED', where, message)] };
}

/** What one unit of the stored dose is. */
interface DoseUnit {
  gy: number;
  relative: boolean;
  findings: Finding[];
}

function unitOf(units: string, relativeUnitGy: number | undefined, where: string): DoseUnit {
  if (units === 'GY') return { gy: 1, relative: false, findings: [] };
  if (units === 'CGY') {
    const message = 'DoseUnits is CGY, which DICOM does not define; the values are read as centigray';
    return { gy: GY_PER_CGY, relative: false, findings: [finding('DOSE_IN_CGY', where, message)] };
  }
  if (relativeUnitGy !== undefined && relativeUnitGy > 0) {
    const message = `relative dose normalised: 1 is ${relativeUnitGy} Gy`;
    return { gy: relativeUnitGy, relative: false, findings: [finding('DOSE_NORMALISED', where, message)] };
  }
  const message =
    units === 'RELATIVE'
      ? 'the dose is relative, and the files do not give its reference dose'
      : `the unit "${units}" of the dose is unknown`;
  return { gy: 1, relative: true, findings: [finding('DOSE_NOT_IN_GY', where, message)] };
}

function scaleFrames(stored: StoredValues, frameOrder: number[], scaling: number, unitGy: number): Float64Array {
  const perFrame = stored.length / frameOrder.length;
  const dose = new Float64Array(new SharedArrayBuffer(stored.length * Float64Array.BYTES_PER_ELEMENT));
  frameOrder.forEach((frame, k) => {
    const from = frame * perFrame;
    const to = k * perFrame;
    for (let n = 0; n < perFrame; n++) dose[to + n] = stored[from + n] * scaling * unitGy;
  });
  return dose;
}

/**
 * External beams stay below it even in functional radiosurgery (maximum doses of up to 140 Gy), and a single fraction of
 * 2 Gy whose centigray are called gray lies above.
 */
const IMPLAUSIBLE_GY = 150;

function plausibility(dose: Float64Array, doseType: string, relative: boolean, where: string): Finding[] {
  let least = Infinity;
  let most = -Infinity;
  let sum = 0;
  for (let n = 0; n < dose.length; n++) {
    if (dose[n] < least) least = dose[n];
    if (dose[n] > most) most = dose[n];
    sum += dose[n];
  }
  const findings: Finding[] = [];
  if (!Number.isFinite(sum)) throw new BadInput('the dose has values that are not numbers', { where });
  if (most === 0 && least === 0) findings.push(finding('DOSE_ALL_ZERO', where, 'the dose is 0 everywhere'));
  if (least < 0 && doseType !== 'ERROR')
    findings.push(finding('DOSE_NEGATIVE', where, `the smallest dose is ${least} Gy`));
  if (most > IMPLAUSIBLE_GY && !relative)
    findings.push(finding('DOSE_IMPLAUSIBLE', where, `the largest dose is ${most} Gy; are the values centigray?`));
  return findings;
}
