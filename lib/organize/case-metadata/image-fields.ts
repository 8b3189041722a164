import type { Acquisition, CourseImage } from '../../rt/course.ts';
import { type Cell, type Column, column } from '../../tables/table.ts';
import { type Field, field } from '../field.ts';
import type { CaseFacts } from './facts.ts';

/** Of the planning images when they are CT, from their first instance. */
export const IMAGE_FIELDS: Field<CaseFacts>[] = [
  field(
    column('planning_modality', 'string', 'modality of the planning images', '', '(0008,0060)'),
    (f) => f.image?.modality,
  ),
  field(column('planning_instances', 'int', 'instances of the planning images'), (f) => f.image?.instances.length),
  ct(column('ct_manufacturer', 'string', 'manufacturer of the scanner', '', '(0008,0070)'), (a) => a.manufacturer),
  ct(column('ct_model', 'string', 'model of the scanner', '', '(0008,1090)'), (a) => a.model),
  ct(column('ct_institution', 'string', 'institution', '', '(0008,0080)'), (a) => a.institution),
  ct(column('ct_kvp', 'double', 'peak voltage', 'kV', '(0018,0060)'), (a) => a.kvp),
  ct(column('ct_tube_current_ma', 'double', 'tube current', 'mA', '(0018,1151), (0018,9330)'), (a) => a.tubeCurrentMa),
  ct(column('ct_convolution_kernel', 'string', 'convolution kernel', '', '(0018,1210)'), (a) => a.convolutionKernel),
  ct(
    column('ct_reconstruction_algorithm', 'string', 'reconstruction', '', '(0018,9315)'),
    (a) => a.reconstructionAlgorithm,
  ),
  ct(
    column('ct_slice_thickness_mm', 'double', 'nominal slice thickness', 'mm', '(0018,0050)'),
    (a) => a.sliceThicknessMm,
  ),
  ctImage(
    column(
      'ct_slice_increment_mm',
      'double',
      'median distance of neighbouring slices, else the value of the header',
      'mm',
      '(0020,0032), (0018,0088)',
    ),
    (i) => i.sliceIncrementMm ?? i.acquisition.spacingBetweenSlicesMm,
  ),
  ct(column('ct_pitch_factor', 'double', 'spiral pitch factor', '', '(0018,9311)'), (a) => a.pitchFactor),
  ct(column('ct_rotation_time_s', 'double', 'time of one rotation', 's', '(0018,9305)'), (a) => a.rotationTimeS),
  ct(
    column('ct_field_of_view_mm', 'double', 'diameter of the reconstruction', 'mm', '(0018,1100)'),
    (a) => a.fieldOfViewMm,
  ),
  ctImage(column('ct_rows', 'int', 'rows', '', '(0028,0010)'), (i) => i.rows),
  ctImage(column('ct_columns', 'int', 'columns', '', '(0028,0011)'), (i) => i.columns),
  ctImage(
    column('ct_row_spacing_mm', 'double', 'distance of the rows', 'mm', '(0028,0030)'),
    (i) => i.pixelSpacingMm[0],
  ),
  ctImage(
    column('ct_column_spacing_mm', 'double', 'distance of the columns', 'mm', '(0028,0030)'),
    (i) => i.pixelSpacingMm[1],
  ),
  ctImage(column('ct_study_uid', 'string', 'study', '', '(0020,000D)'), (i) => i.studyInstanceUid),
  ctImage(
    column('ct_date', 'timestamp', 'day of the series, else the study', '', '(0008,0021), (0008,0020)'),
    (i) => i.date,
  ),
  ct(column('ct_contrast_agent', 'string', 'contrast agent', '', '(0018,0010)'), (a) => a.contrastAgent),
  ct(column('ct_contrast_route', 'string', 'route of the contrast agent', '', '(0018,1040)'), (a) => a.contrastRoute),
  ct(
    column('ct_contrast_volume_ml', 'double', 'volume of the contrast agent', 'mL', '(0018,1041)'),
    (a) => a.contrastVolumeMl,
  ),
  ct(
    column('ct_contrast_flow_rate_ml_per_s', 'double', 'rate of injection', 'mL/s', '(0018,1046)'),
    (a) => a.contrastFlowRateMlPerS,
  ),
];

function ct(column: Column, read: (acquisition: Acquisition) => Cell | undefined): Field<CaseFacts> {
  return ctImage(column, (image) => read(image.acquisition));
}

function ctImage(column: Column, read: (image: CourseImage) => Cell | undefined): Field<CaseFacts> {
  const meaning = `${column.meaning} (planning CT)`;
  return field({ ...column, meaning }, ({ image }) => (image?.modality === 'CT' ? read(image) : undefined));
}
