import { type Column, column } from '../tables/table.ts';

/** What became of a structure, in all tables: every structure is a row with one of these. */
const MEANING = {
  ok: 'there is a result',
  empty: 'nothing was drawn, found or left',
  too_small: 'too few voxels or too little volume',
  outside_image: 'drawn outside the image',
  no_dose: 'the course has no dose',
  outside_dose: 'completely outside the dose grid',
  no_suv: 'on a PET without SUV',
  skipped_by_rule: 'skipped by a rule',
  failed: 'see the reason',
};

export type RoiStatus = keyof typeof MEANING;

/** Of a mask. */
export type MaskStatus = Exclude<RoiStatus, 'no_dose' | 'outside_dose' | 'no_suv'>;

/** Of a DVH. A structure that lies outside the image has one all the same when it has contours. */
export type DvhStatus = Exclude<RoiStatus, 'no_suv'>;

/** Of a row of features. */
export type FeatureStatus = MaskStatus | 'no_suv';

/** Of a region that the engine computes features of: it lies on an image, whose values have their unit. */
export type RegionStatus = Exclude<MaskStatus, 'outside_image'>;

/** The end of a structure: `reason` is '' when the status is ok. */
export interface RoiEnd<Status extends RoiStatus = RoiStatus> {
  status: Status;
  reason: string;
}

const OF_MASKS: MaskStatus[] = ['ok', 'empty', 'too_small', 'outside_image', 'skipped_by_rule', 'failed'];
const OF_DVHS: DvhStatus[] = [
  'ok',
  'empty',
  'too_small',
  'outside_image',
  'no_dose',
  'outside_dose',
  'skipped_by_rule',
  'failed',
];
const OF_FEATURES: FeatureStatus[] = [
  'ok',
  'empty',
  'too_small',
  'outside_image',
  'no_suv',
  'skipped_by_rule',
  'failed',
];

export const MASK_STATUS = statusColumn(OF_MASKS);
export const DVH_STATUS = statusColumn(OF_DVHS);
export const FEATURE_STATUS = statusColumn(OF_FEATURES);
export const STATUS_REASON = column('reason', 'string', 'reason why the status is not ok');

function statusColumn(statuses: RoiStatus[]): Column {
  return column('status', 'string', statuses.map((status) => `${status} (${MEANING[status]})`).join(', '));
}
