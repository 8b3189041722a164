import { extractFeatures } from '../radiomics/extract.ts';
import { parseRadiomicsSettings } from '../radiomics/settings.ts';
import { courseKeys } from '../store/keys.ts';
import { type Column, column, type Row } from '../tables/table.ts';
import { gridOf, readImage, readImages } from './course-images.ts';
import type { CourseStage } from './course-stage.ts';
import { readMask, readStructures } from './course-structures.ts';
import { IDENTITY_COLUMNS, identityOf } from './identity.ts';
import { writeJson } from './json.ts';

export const radiomics: CourseStage = {
  name: 'radiomics',
  after: ['structures'],
  configuration: (config) => config.radiomics,
  claim(_course, { radiomics: settings }) {
    if (!settings.enabled) return { skip: 'disabled: radiomics.enabled is false' };
    return { vcpus: 1, memoryMiB: 2048, gpu: 0, timeoutSeconds: 0 };
  },
  async compute(course, _config, context) {
    const images = await readImages(context.store, course.courseId);
    const { structures } = await readStructures(context.store, course.courseId);
    const settings = parseRadiomicsSettings({ featureClass: { firstorder: null, shape: null } });
    const rows: Row[] = [];
    const names = new Set<string>();
    for (const record of structures) {
      const image = images.find((one) => one.number === record.imageNumber);
      if (!image?.grid || record.status !== 'ok') continue;
      const result = extractFeatures(
        await readImage(context.store, image),
        await readMask(context.store, record, gridOf(image.grid)),
        settings,
      );
      for (const name of Object.keys(result.values)) names.add(name);
      rows.push({
        ...identityOf(course),
        roi_name: record.roiName,
        roi_number: record.roiNumber,
        source: record.source,
        status: result.status,
        reason: result.reason,
        ...result.values,
      });
    }
    const columns: Column[] = [
      ...IDENTITY_COLUMNS,
      column('roi_name', 'string', 'name'),
      column('roi_number', 'int', 'number'),
      column('source', 'string', 'source'),
      column('status', 'string', 'status'),
      column('reason', 'string', 'why'),
      ...[...names].map((name) => column(name, 'double', name)),
    ];
    await writeJson(context.store, courseKeys(course.courseId).part('radiomics', 'radiomics_ct'), { columns, rows });
    return { status: 'ok', findings: [] };
  },
};
