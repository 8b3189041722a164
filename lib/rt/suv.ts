import type { DataSet } from '../dicom/data-set.ts';
import { type Finding, type FindingCode, finding } from '../findings.ts';
import { MS_PER_S } from '../units.ts';
import { dateAndTimeSeconds, dateTimeSeconds } from './dicom-time.ts';
import type { ImageSlice } from './image-slice.ts';

export interface SuvScale {
  /** Multiplies the rescaled values; 1 when no SUV can be computed. */
  factor: number;
  /** `SUVbw` (g/mL), or the units as written when no SUV can be computed. */
  quantity: string;
  findings: Finding[];
}

const SUV_BW = 'SUVbw';
const G_PER_KG = 1000;

/**
 * The factor from the rescaled values of a PET series to SUV by body weight (g/mL), after the vendor-neutral pseudo-code
 * of the QIBA FDG-PET/CT profile (qibawiki.rsna.org, Standardized Uptake Value):
 * BQML: weight / (dose decayed to the time that the images are corrected to); CNTS: Philips' private factors; GML as it is.
 * Where a field is missing or contradicts, the values keep their units and a finding says why.
 */
export function suvScale(slices: readonly ImageSlice[], where: string): SuvScale {
  const units = unitsOf(slices[0].instance);
  const findings: Finding[] = [];
  const result = factorOf(slices, units, (code, message) => findings.push(finding(code, where, message)));
  if (typeof result === 'number') return { factor: result, quantity: SUV_BW, findings };
  findings.push(finding('SUV_NOT_COMPUTED', where, `no SUV: ${result}`));
  return { factor: 1, quantity: units, findings };
}

type Note = (code: FindingCode, message: string) => void;

/** A factor, or the reason why there is none. */
function factorOf(slices: readonly ImageSlice[], units: string, note: Note): number | string {
  const { instance } = slices[0];
  switch (units) {
    case 'GML':
      return suvTypeProblem(instance) ?? 1;
    case 'BQML':
      return bodyWeightFactor(slices, note);
    case 'CNTS':
      return countsFactor(slices, note);
    default:
      return `the units ${units || 'are missing'}${units ? ' have no way to activity' : ''}`;
  }
}

/** Units (0054,1001), or those of the real world value map of enhanced PET (UCUM codes). */
function unitsOf(instance: DataSet): string {
  const units = instance.text('Units');
  if (units !== '') return units;
  const shared = instance.items('SharedFunctionalGroupsSequence')[0];
  const map = shared?.items('RealWorldValueMappingSequence')[0];
  const code = map?.items('MeasurementUnitsCodeSequence')[0]?.text('CodeValue') ?? '';
  return UCUM_UNITS[code.toLowerCase()] ?? code;
}

const UCUM_UNITS: Record<string, string> = { 'bq/ml': 'BQML', 'g/ml': 'GML', 'g/ml{suvbw}': 'GML' };

function suvTypeProblem(instance: DataSet): string | undefined {
  const type = instance.text('SUVType');
  return type === '' || type === 'BW' ? undefined : `the values are SUV by ${type}, not by body weight`;
}

/** Philips writes counts and the factors to SUV or to Bq/mL into its private group. */
function countsFactor(slices: readonly ImageSlice[], note: Note): number | string {
  const { instance } = slices[0];
  if (!instance.text('PrivateCreatorOf7053').startsWith('Philips')) return 'counts without a calibration';
  const toSuv = instance.number('PhilipsSuvFactor');
  if (toSuv) return toSuv;
  const toActivity = instance.number('PhilipsActivityConcentrationFactor');
  if (!toActivity) return 'counts without a calibration';
  const factor = bodyWeightFactor(slices, note);
  return typeof factor === 'number' ? factor * toActivity : factor;
}

function bodyWeightFactor(slices: readonly ImageSlice[], note: Note): number | string {
  const { instance } = slices[0];
  const corrections = instance.texts('CorrectedImage');
  const lacking = ['ATTN', 'DECY'].filter((correction) => corrections.length > 0 && !corrections.includes(correction));
  if (lacking.length > 0) return `the images are not corrected for ${lacking.join(' and ')}`;
  const weightKg = instance.number('PatientWeight');
  if (!weightKg || weightKg <= 0) return 'the patient weight is missing';
  const agent = instance.items('RadiopharmaceuticalInformationSequence')[0];
  const doseBq = agent?.number('RadionuclideTotalDose');
  if (!agent || !doseBq || doseBq <= 0) return 'the injected dose is missing';
  const halfLifeS = agent.number('RadionuclideHalfLife');
  if (!halfLifeS || halfLifeS <= 0) return 'the half-life is missing';
  const decayS = decaySeconds(slices, agent, halfLifeS, note);
  if (typeof decayS === 'string') return decayS;
  return (weightKg * G_PER_KG) / (doseBq * 2 ** (-decayS / halfLifeS));
}

/** Time from injection to the moment that the images are decay corrected to; 0 when that is the injection. */
function decaySeconds(slices: readonly ImageSlice[], agent: DataSet, halfLifeS: number, note: Note): number | string {
  const { instance } = slices[0];
  const correction = instance.text('DecayCorrection') || (instance.has('DecayCorrectionDateTime') ? 'START' : '');
  if (correction === 'ADMIN') return 0;
  if (correction !== 'START')
    return `decay correction ${correction || 'is missing'} ${correction ? 'is not START or ADMIN' : ''}`.trim();
  const referenceS =
    dateTimeSeconds(instance.text('DecayCorrectionDateTime')) ?? scanStartSeconds(slices, halfLifeS, note);
  if (referenceS === undefined) return 'the time of the scan is missing';
  const injectionS = injectionSeconds(agent, instance, referenceS, note);
  if (injectionS === undefined) return 'the time of the injection is missing';
  const decayS = referenceS - injectionS;
  if (decayS < 0) return 'the injection lies after the scan';
  if (decayS > LONGEST_UPTAKE_S) return 'the injection lies more than a day before the scan';
  return decayS;
}

const LONGEST_UPTAKE_S = 86_400;

/**
 * Series time, unless an acquisition began before it (then it is the time of some later processing); else GE's private
 * scan time; else the earliest acquisition, moved by the frame reference time to the start of the decay correction.
 */
function scanStartSeconds(slices: readonly ImageSlice[], halfLifeS: number, note: Note): number | undefined {
  const { instance } = slices[0];
  const seriesS = dateAndTimeSeconds(instance.text('SeriesDate'), instance.text('SeriesTime'));
  const acquisitions = slices
    .map((slice) => ({ slice, s: acquisitionSeconds(slice.instance) }))
    .filter((one): one is { slice: ImageSlice; s: number } => one.s !== undefined)
    .sort((a, b) => a.s - b.s);
  if (seriesS !== undefined && acquisitions.every(({ s }) => seriesS <= Math.ceil(s))) return seriesS;
  const geS = instance.text('PrivateCreatorOf0009').startsWith('GEMS_PETD')
    ? dateTimeSeconds(instance.text('GePetScanDateTime'))
    : undefined;
  if (geS !== undefined) return geS;
  if (acquisitions.length === 0) return undefined;
  note(
    'SUV_SCAN_START_DERIVED',
    'the series time is not the start of the scan: it is derived from the earliest acquisition',
  );
  const { slice, s } = acquisitions[0];
  return s - referenceShiftSeconds(slice.instance, halfLifeS);
}

function acquisitionSeconds(instance: DataSet): number | undefined {
  return (
    dateAndTimeSeconds(instance.text('AcquisitionDate'), instance.text('AcquisitionTime')) ??
    dateTimeSeconds(instance.text('AcquisitionDateTime'))
  );
}

/** Frame reference time less the time within the frame at which the mean count rate occurs: QIBA, Siemens and Philips. */
function referenceShiftSeconds(instance: DataSet, halfLifeS: number): number {
  const referenceMs = instance.number('FrameReferenceTime');
  const durationMs = instance.number('ActualFrameDuration');
  if (!referenceMs || !durationMs) return 0;
  const decayPerS = Math.LN2 / halfLifeS;
  const x = (decayPerS * durationMs) / MS_PER_S;
  const meanRateS = Math.log(x / (1 - Math.exp(-x))) / decayPerS;
  return referenceMs / MS_PER_S - meanRateS;
}

/** The start date and time, or the start time on the day of the scan; the day before when it would lie after the scan. */
function injectionSeconds(agent: DataSet, instance: DataSet, referenceS: number, note: Note): number | undefined {
  const exact = dateTimeSeconds(agent.text('RadiopharmaceuticalStartDateTime'));
  if (exact !== undefined) return exact;
  const date = instance.text('SeriesDate') || instance.text('AcquisitionDate') || instance.text('StudyDate');
  const sameDay = dateAndTimeSeconds(date, agent.text('RadiopharmaceuticalStartTime'));
  if (sameDay === undefined || sameDay <= referenceS) return sameDay;
  note('SUV_INJECTION_DAY_BEFORE', 'the injection time is later than the scan: it is taken as of the day before');
  return sameDay - LONGEST_UPTAKE_S;
}
