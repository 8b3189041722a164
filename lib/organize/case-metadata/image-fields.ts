import type { Acquisition, CourseImage } from '../../rt/course.ts';
import type { Cell, ColumnType } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import type { CaseFacts } from './facts.ts';

/** Of the planning images when they are CT, from their first instance. */
export const IMAGE_FIELDS: Field<CaseFacts>[] = [
  field('planning_modality', 'string', (f) => f.image?.modality, 'modality of the planning images', '', '(0008,0060)'),
  field('planning_instances', 'int', (f) => f.image?.instances.length, 'instances of the planning images'),
  ct('ct_manufacturer', 'string', (a) => a.manufacturer, 'manufacturer of the scanner', '', '(0008,0070)'),
  ct('ct_model', 'string', (a) => a.model, 'model of the scanner', '', '(0008,1090)'),
  ct('ct_institution', 'string', (a) => a.institution, 'institution', '', '(0008,0080)'),
  ct('ct_kvp', 'double', (a) => a.kvp, 'peak voltage', 'kV', '(0018,0060)'),
  ct('ct_tube_current_ma', 'double', (a) => a.tubeCurrentMa, 'tube current', 'mA', '(0018,1151), (0018,9330)'),
  ct('ct_convolution_kernel', 'string', (a) => a.convolutionKernel, 'convolution kernel', '', '(0018,1210)'),
  ct('ct_reconstruction_algorithm', 'string', (a) => a.reconstructionAlgorithm, 'reconstruction', '', '(0018,9315)'),
  ct('ct_slice_thickness_mm', 'double', (a) => a.sliceThicknessMm, 'nominal slice thickness', 'mm', '(0018,0050)'),
  ctImage(
    'ct_slice_increment_mm',
    'double',
    (i) => i.sliceIncrementMm ?? i.acquisition.spacingBetweenSlicesMm,
    'median distance of neighbouring slices, else as written',
    'mm',
    '(0020,0032), (0018,0088)',
  ),
  ct('ct_pitch_factor', 'double', (a) => a.pitchFactor, 'spiral pitch factor', '', '(0018,9311)'),
  ct('ct_rotation_time_s', 'double', (a) => a.rotationTimeS, 'time of one rotation', 's', '(0018,9305)'),
  ct('ct_field_of_view_mm', 'double', (a) => a.fieldOfViewMm, 'diameter of the reconstruction', 'mm', '(0018,1100)'),
  ctImage('ct_rows', 'int', (i) => i.rows, 'rows', '', '(0028,0010)'),
  ctImage('ct_columns', 'int', (i) => i.columns, 'columns', '', '(0028,0011)'),
  ctImage('ct_row_spacing_mm', 'double', (i) => i.pixelSpacingMm[0], 'distance of the rows', 'mm', '(0028,0030)'),
  ctImage('ct_column_spacing_mm', 'double', (i) => i.pixelSpacingMm[1], 'distance of the columns', 'mm', '(0028,0030)'),
  ctImage('ct_study_uid', 'string', (i) => i.studyInstanceUid, 'study', '', '(0020,000D)'),
  ctImage('ct_date', 'timestamp', (i) => i.date, 'day of the series, else the study', '', '(0008,0021), (0008,0020)'),
  ct('ct_contrast_agent', 'string', (a) => a.contrastAgent, 'contrast agent', '', '(0018,0010)'),
  ct('ct_contrast_route', 'string', (a) => a.contrastRoute, 'route of the contrast agent', '', '(0018,1040)'),
  ct('ct_contrast_volume_ml', 'double', (a) => a.contrastVolumeMl, 'volume of the contrast agent', 'mL', '(0018,1041)'),
  ct(
    'ct_contrast_flow_rate_ml_per_s',
    'double',
    (a) => a.contrastFlowRateMlPerS,
    'rate of injection',
    'mL/s',
    '(0018,1046)',
  ),
];

function ct(
  name: string,
  type: ColumnType,
  read: (acquisition: Acquisition) => Cell | undefined,
  meaning: string,
  unit: string,
  source: string,
): Field<CaseFacts> {
  return ctImage(name, type, (image) => read(image.acquisition), meaning, unit, source);
}

function ctImage(
  name: string,
  type: ColumnType,
  read: (image: CourseImage) => Cell | undefined,
  meaning: string,
  unit: string,
  source: string,
): Field<CaseFacts> {
  const ofCt = ({ image }: CaseFacts) => (image?.modality === 'CT' ? read(image) : undefined);
  return field(name, type, ofCt, `${meaning} (planning CT)`, unit, source);
}
