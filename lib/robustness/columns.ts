import { INTENSITY_UNIT } from '../radiomics/pyradiomics/columns.ts';
import { MASK_STATUS, STATUS_REASON } from '../rt/roi-status.ts';
import { COURSE_COLUMNS, ROI_COLUMNS, ROI_KEY, ROI_NAME, SOURCE, STANDARD_NAME } from '../rt/row-identity.ts';
import { type Column, column } from '../tables/table.ts';

/** What stands before the features on every row of a structure under a perturbation. */
export const PERTURBATION_COLUMNS: Column[] = [
  ...COURSE_COLUMNS,
  ...ROI_COLUMNS,
  column('modality', 'string', 'modality of the image', '', '(0008,0060)'),
  column(
    'perturbation_id',
    'string',
    'name of the perturbation: those of ntcv that are not zero; empty if the structure could not be perturbed',
  ),
  column('noise', 'double', 'standard deviation of the noise added to the image', 'HU'),
  column('translation_x', 'double', 'shift of the structure towards the left of the patient', 'mm'),
  column('translation_y', 'double', 'shift of the structure towards the back of the patient', 'mm'),
  column('translation_z', 'double', 'shift of the structure towards the head of the patient', 'mm'),
  column('rotation', 'double', 'rotation about the z axis of the patient through the centroid, from x to y', 'degree'),
  column('contour', 'int', 'number of the random contour; 0: the original contour'),
  column('displacement', 'double', 'distance by which translation and rotation moved the centroid of the mask', 'mm'),
  column(
    'contour_shift',
    'double',
    'mean signed distance of the random contour to the surface; positive is outside',
    'mm',
  ),
  column('contour_rms', 'double', 'root mean square distance of the random contour to the surface', 'mm'),
  column('volume_change', 'double', 'added part of the volume; negative: removed part'),
  column('voxels', 'int', 'voxels of the perturbed mask on the grid of the image'),
  column('seed', 'int', 'of the random contours of this structure'),
  MASK_STATUS,
  STATUS_REASON,
  column('short', 'boolean', 'large region: original image at 2 mm, shape and first order only'),
  INTENSITY_UNIT,
];
export const VALUES_KEY = [...ROI_KEY, 'perturbation_id'];

const BLAND = 'doi:10.1136/bmj.313.7049.106';
const SHROUT = 'doi:10.1037/0033-2909.86.2.420';

const ICC_MEANINGS = {
  icc1: 'ICC(1,1): every subject has its own perturbations',
  icc2: 'ICC(2,1), absolute agreement: a shift common to all subjects counts',
  icc3: 'ICC(3,1), consistency: a shift common to all subjects does not count',
};

export const SUMMARY_COLUMNS: Column[] = [
  STANDARD_NAME,
  column(
    ROI_NAME.name,
    'string',
    'original names of all structures with this standard name, separated by "; "',
    '',
    ROI_NAME.source,
  ),
  SOURCE,
  column('modality', 'string', 'modality of the image', '', '(0008,0060)'),
  column('feature_name', 'string', 'feature, as its column in the radiomics table of the modality'),
  column(
    'perturbation',
    'string',
    'what varies: all (the whole grid); or one of noise, translation, rotation, contour and volume, with the others at their smallest level; or observer (several structure sets of a course)',
  ),
  column(
    'n_subjects',
    'int',
    'structures with this name, with or without values; for observer: courses with several structure sets',
  ),
  column('n_subjects_complete', 'int', 'structures used: those with a value for every used perturbation'),
  column('n_subjects_dropped', 'int', 'structures left out because a value is missing'),
  column('n_courses', 'int', 'courses of the structures used'),
  column('n_perturbations', 'int', 'perturbations that count'),
  column('n_perturbations_dropped', 'int', 'perturbations left out because a used structure has no value'),
  column('icc_type', 'string', 'form of the intraclass correlation that decides the label'),
  column('icc', 'double', 'intraclass correlation of this form, for a single measurement', '', SHROUT),
  column('icc_ci95_low', 'double', 'lower bound of its 95 % confidence interval', '', SHROUT),
  column('icc_ci95_high', 'double', 'upper bound of its 95 % confidence interval', '', SHROUT),
  column('icc_flag', 'string', 'reason why there is none: too_few_subjects, too_few_perturbations, zero_variance'),
  ...Object.entries(ICC_MEANINGS).flatMap(([name, meaning]) => [
    column(name, 'double', meaning, '', SHROUT),
    column(`${name}_ci95_low`, 'double', `lower bound of the 95 % confidence interval of ${name}`, '', SHROUT),
    column(`${name}_ci95_high`, 'double', `upper bound of the 95 % confidence interval of ${name}`, '', SHROUT),
  ]),
  column('wsd', 'double', 'standard deviation within structures, in the unit of the feature', '', BLAND),
  column(
    'rc',
    'double',
    'repeatability coefficient, 2.77 wsd: 95 % of the differences between two values of a structure are smaller',
    '',
    BLAND,
  ),
  ...dispersionColumns('cov_pct', 'cov', 'coefficient of variation over the perturbations of a structure', '%'),
  ...dispersionColumns('qcd', 'qcd', 'quartile coefficient of dispersion (Q3 - Q1) / (Q3 + Q1) of a structure', ''),
  column(
    'robustness_label',
    'string',
    'robust, acceptable, poor or not_evaluable by the thresholds of the configuration',
    '',
    'doi:10.1038/s41598-018-36938-4',
  ),
  column('pass_seg_perturb', 'boolean', 'robust or acceptable; empty when not evaluable'),
];
export const SUMMARY_KEY = ['standard_name', 'roi_name', 'source', 'modality', 'feature_name', 'perturbation'];

function dispersionColumns(name: string, short: string, meaning: string, unit: string): Column[] {
  return [
    column(name, 'double', `${meaning}: median over structures`, unit),
    column(`${name}_q1`, 'double', `${meaning}: first quartile over structures`, unit),
    column(`${name}_q3`, 'double', `${meaning}: third quartile over structures`, unit),
    column(`n_subjects_${short}`, 'int', 'structures with a value: all their values are above 0'),
    column(
      `${short}_status`,
      'string',
      'complete, partial or not_evaluable, by the number of structures with a value; or disabled',
    ),
  ];
}
