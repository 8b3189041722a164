import type { DataSet } from '../../dicom/data-set.ts';
import type { FindingCode } from '../../findings.ts';
import { MS_PER_S } from '../../units.ts';
import { dateAndTimeSeconds, dateTimeSeconds, dayOf, zoneOf } from '../dicom-time.ts';
import type { ImageSlice } from '../image-slice.ts';
import type { Administration } from './administration.ts';

/** Records a choice that the header left open. */
export type Note = (code: FindingCode, message: string) => void;

const DAY_S = 86_400;
/** After so many half-lives a thousandth of the activity is left: no scan is made then. */
const MOST_HALF_LIVES = 10;

/**
 * Seconds from the injection to the moment that the images are decay corrected to (PS3.3 C.8.9.1.1.9); 0 when that is the
 * injection. All times are on the clock of the study.
 * @returns the reason when the header does not say
 */
export function decaySeconds(
  slices: readonly ImageSlice[],
  administration: Administration,
  note: Note,
): number | string {
  const { instance } = slices[0];
  const correction = instance.text('DecayCorrection') || (instance.has('DecayCorrectionDateTime') ? 'START' : '');
  if (correction === 'ADMIN') return 0;
  if (correction === '') return 'decay correction is missing';
  if (correction !== 'START') return `decay correction ${correction} is not START or ADMIN`;
  const referenceS =
    timeOf(instance, 'DecayCorrectionDateTime') ?? scanStartSeconds(slices, administration.halfLifeS, note);
  if (referenceS === undefined) return 'the time of the scan is missing';
  const injectionS = injectionSeconds(administration, instance, referenceS, note);
  if (typeof injectionS === 'string') return injectionS;
  const decayS = referenceS - injectionS;
  if (decayS < 0) return 'the injection is later than the scan';
  if (decayS > MOST_HALF_LIVES * administration.halfLifeS)
    return `the injection is more than ${MOST_HALF_LIVES} half-lives before the scan`;
  return decayS;
}

/** A DT element on the clock of the study. */
function timeOf(
  instance: DataSet,
  keyword: 'DecayCorrectionDateTime' | 'AcquisitionDateTime' | 'GePetScanDateTime',
): number | undefined {
  return dateTimeSeconds(instance.text(keyword), instance.text('TimezoneOffsetFromUTC'));
}

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
  const geS = timeOf(instance, 'GePetScanDateTime');
  if (geS !== undefined) return geS;
  if (acquisitions.length === 0) return undefined;
  note(
    'SUV_SCAN_START_DERIVED',
    'the series time is not the start of the scan: the earliest acquisition gives the start',
  );
  const { slice, s } = acquisitions[0];
  return s - referenceShiftSeconds(slice.instance, halfLifeS);
}

function acquisitionSeconds(instance: DataSet): number | undefined {
  return (
    dateAndTimeSeconds(instance.text('AcquisitionDate'), instance.text('AcquisitionTime')) ??
    timeOf(instance, 'AcquisitionDateTime')
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

/**
 * RadiopharmaceuticalStartDateTime; else RadiopharmaceuticalStartTime on the day of the scan, and on the day before when it
 * would lie after the scan. A nuclide that lives for days may have been injected on any of them.
 */
function injectionSeconds(
  { agent, halfLifeS }: Administration,
  instance: DataSet,
  referenceS: number,
  note: Note,
): number | string {
  const exact = agent.text('RadiopharmaceuticalStartDateTime');
  const studyZone = instance.text('TimezoneOffsetFromUTC');
  const exactS = dateTimeSeconds(exact, studyZone);
  if (exactS !== undefined) {
    if (zoneOf(exact) !== '' && studyZone === '')
      note(
        'SUV_TIME_ZONE_ASSUMED',
        `the injection states the time zone ${zoneOf(exact)}, the images state none: the same clock is assumed`,
      );
    return exactS;
  }
  const sameDayS = dateAndTimeSeconds(dayOf(referenceS), agent.text('RadiopharmaceuticalStartTime'));
  if (sameDayS === undefined) return 'the time of the injection is missing';
  if (halfLifeS > DAY_S) return 'the day of the injection is missing, and the half-life of the radionuclide is days';
  if (sameDayS <= referenceS) return sameDayS;
  note('SUV_INJECTION_DAY_BEFORE', 'the injection time is later than the scan: the day before is assumed');
  return sameDayS - DAY_S;
}
