import { DVH_STATUS, STATUS_REASON } from '../../rt/roi-status.ts';
import { DOSE_UID, ROI_COLUMNS, ROI_KEY } from '../../rt/row-identity.ts';
import { type Column, column } from '../../tables/table.ts';
import type { DoseScale, Metric } from './metric-name.ts';
import { PLAN_INDICES } from './plan-index.ts';

export const METRICS_KEY = [...ROI_KEY, DOSE_UID.name];
export const CURVES_KEY = [...METRICS_KEY, 'point'];

/** What stands before the metrics on every row of a ROI. */
export const MEASUREMENT_COLUMNS: Column[] = [
  ...ROI_COLUMNS,
  DOSE_UID,
  DVH_STATUS,
  STATUS_REASON,
  column('cropped', 'boolean', 'true if all numbers describe only the part inside the cropped region'),
  column('dose_type', 'string', 'PHYSICAL, or EFFECTIVE: weighted by its biological effectiveness', '', '(3004,0004)'),
  column('dose_summation_type', 'string', 'summation type of the dose', '', '(3004,000A)'),
  column('fraction_number', 'int', 'fraction of the dose, if each fraction of the course has its own dose'),
  column('moved', 'string', 'what registrations moved: roi, dose or both; empty if nothing was moved'),
  column('registration_uids', 'string', 'UIDs of the registrations that moved it', '', '(0008,0018)'),
  column('prescription[Gy]', 'double', 'dose that counts as 100 % in dose percentages', 'Gy'),
  column(
    'prescription_source',
    'string',
    'config, plan_roi (the plans prescribe to this ROI), plan_level (dose in the name that a plan prescribes), roi_name, course:<rule>, or empty',
  ),
  column('fractions', 'int', 'number of fractions, used for BED and EQD2', '', '(300A,0078)'),
  column('alpha_beta[Gy]', 'double', 'alpha/beta of the configuration, used for BED and EQD2', 'Gy'),
  column('geud_a', 'double', 'exponent of gEUD from the configuration'),
  column('dose_coverage', 'double', 'part of the volume inside the dose grid, 0 to 1; dose metrics describe this part'),
  column(
    'end_cap',
    'string',
    'how a piece ends beyond its last contour: rounded (half-gap if no end becomes narrower), half-gap, none, full; voxel for label maps',
    '',
    'doi:10.1118/1.4923175',
  ),
  column(
    'interpolation',
    'string',
    'solid between contour planes: surface (blended) or prism; voxel for label maps',
    '',
    'doi:10.1109/42.52980',
  ),
  column('end_cap_volume[cc]', 'double', 'part of the volume in end caps', 'cc'),
  column('sample_step[mm]', 'double', 'distance of the scan lines used to measure the ROI', 'mm'),
];

/** Ends the name of the column that tells how far a metric may be off numerically. */
export const UNCERTAINTY = '_uncertainty';

/** The column of a metric, and that of its uncertainty. */
export function metricColumns(metric: Metric, uncertainty: boolean): Column[] {
  const unit = /\[([^[\]]*)\]$/.exec(metric.name)?.[1] ?? '';
  const value = column(metric.name, 'double', meaningOf(metric), unit, sourceOf(metric));
  if (!uncertainty) return [value];
  const meaning = `uncertainty of ${metric.name}: its change if the ROI is sampled half as finely, and, on fewer than six planes, if its ends are elsewhere`;
  return [value, column(`${metric.name}${UNCERTAINTY}`, 'double', meaning, unit)];
}

function meaningOf(metric: Metric): string {
  if (metric.kind === 'volume')
    return 'volume of the solid between the contours with end caps, or of the voxels of a mask. In contrast, mask_volume_cc of structures counts all voxels whose centre lies inside';
  if (metric.kind === 'integralDose') return 'mean dose times volume inside the dose grid';
  if (metric.kind === 'index') return PLAN_INDICES[metric.index].meaning;
  const dose = DOSE_WORDS[metric.scale];
  const relative = metric.kind !== 'gEUD' && metric.kind !== 'volumeAtDose' && metric.unit === '%';
  const asPercent = relative ? ', in percent of the prescription' : '';
  if (metric.kind === 'statistic') return `${metric.statistic.toLowerCase()} ${dose} in the ROI${asPercent}`;
  if (metric.kind === 'gEUD') return `generalised equivalent uniform dose, from the ${dose}`;
  if (metric.kind === 'dose') {
    const part = `${metric.volume} ${metric.of} of the ROI`;
    return metric.coldest
      ? `highest ${dose} in the coldest ${part}${asPercent}`
      : `lowest ${dose} in the hottest ${part}${asPercent}`;
  }
  const threshold = metric.of === 'Gy' ? `${metric.dose} Gy` : `${metric.dose} % of the prescription`;
  return `volume of the ROI with ${metric.below ? 'less than' : 'at least'} ${threshold} of ${dose}`;
}

const DOSE_WORDS: Record<DoseScale, string> = {
  physical: 'dose',
  EQD2: 'equivalent dose in fractions of 2 Gy',
  BED: 'biologically effective dose',
};

function sourceOf(metric: Metric): string {
  if (metric.kind === 'gEUD') return 'AAPM TG-166';
  if (metric.kind === 'index') return PLAN_INDICES[metric.index].source;
  return 'AAPM TG-263';
}

export const CURVE_COLUMNS: Column[] = [
  ...ROI_COLUMNS,
  DOSE_UID,
  column('point', 'int', 'number of the point on the curve, from 1; a step has two points at the same dose'),
  column('dose[Gy]', 'double', 'dose', 'Gy'),
  column('volume[cc]', 'double', 'volume with at least this dose (cumulative), linear between rows', 'cc'),
  column('volume[%]', 'double', 'volume with at least this dose, in percent of the volume inside the dose grid', '%'),
  column('differential[cc/Gy]', 'double', 'differential volume per dose between this row and the next', 'cc/Gy'),
];
