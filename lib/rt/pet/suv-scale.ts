import type { DataSet } from '../../dicom/data-set.ts';
import { type Finding, finding } from '../../findings.ts';
import { ownKeys } from '../../own-keys.ts';
import type { ImageSlice } from '../image-slice.ts';
import { administrationOf, bodyWeightG } from './administration.ts';
import { decaySeconds, type Note } from './decay-time.ts';

export interface SuvScale {
  /** Multiplies the rescaled values; 1 when no SUV can be computed. */
  factor: number;
  /** `SUVbw` (g/mL), or the units as written when no SUV can be computed. */
  quantity: string;
  findings: Finding[];
}

const SUV_BW = 'SUVbw';

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

const UCUM_UNITS: Record<string, string> = ownKeys({ 'bq/ml': 'BQML', 'g/ml': 'GML', 'g/ml{suvbw}': 'GML' });

function suvTypeProblem(instance: DataSet): string | undefined {
  const type = instance.text('SUVType');
  return type === '' || type === 'BW' ? undefined : `the values are SUV by ${type}, not by body weight`;
}

/** Philips writes counts, and the factors to SUV (7053,xx00) or to Bq/mL (7053,xx09) into its private block. */
function countsFactor(slices: readonly ImageSlice[], note: Note): number | string {
  const { instance } = slices[0];
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
  const weightG = bodyWeightG(instance);
  if (typeof weightG === 'string') return weightG;
  const administration = administrationOf(instance);
  if (typeof administration === 'string') return administration;
  const decayS = decaySeconds(slices, administration, note);
  if (typeof decayS === 'string') return decayS;
  return weightG / (administration.doseBq * 2 ** (-decayS / administration.halfLifeS));
}
