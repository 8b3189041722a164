import type { StageContext } from '../../course-store/context.ts';
import { type ImageRecord, readImages } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import { readStructures, type TakenStructure, takenStructure } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import type { Finding } from '../../findings.ts';
import { imageMiB } from '../../rt/course.ts';
import { ROI_KEY } from '../../rt/row-identity.ts';
import { courseKeys } from '../../store/keys.ts';
import { concatTables } from '../../tables/concat.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { resultOf, type TaskFailure } from '../task-failures.ts';
import { ibsiImageFeatures, ibsiSettingsOf } from './ibsi.ts';
import { imageFeatures } from './image.ts';
import { featureConfig, RADIOMICS_READ, type RadiomicsCourse } from './inputs.ts';
import { type FeatureModality, profileOf, unitProblem } from './profile.ts';
import { partWithoutImage, partWithoutSuv } from './rows.ts';

/** The table of each modality. */
export const FEATURE_TABLES: Record<FeatureModality, string> = {
  CT: 'radiomics_ct',
  MR: 'radiomics_mr',
  PT: 'radiomics_pet',
};

const IBSI_TABLE = 'radiomics_ibsi';

/** PyRadiomics' features, and where asked for IBSI's, of every structure, on the image that it is drawn on. */
export const radiomics = defineCourseStage({
  name: 'radiomics',
  reads: RADIOMICS_READ,
  configuration: (config) => ({
    ...featureConfig(config),
    ibsi: config.radiomics.ibsi,
    useCropped: config.ct_cropping.enabled && config.ct_cropping.use_cropped_for_radiomics,
  }),
  means: ({ radiomics: settings }) => ({ taskTimeoutSeconds: settings.task_timeout }),
  claim(course, { radiomics: settings }) {
    if (!settings.enabled) return { skip: 'disabled: radiomics.enabled is false' };
    const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
    const cpus = settings.sequential || structures < 8 ? 1 : structures < 40 ? 2 : 4;
    return { cpus, memoryMiB: 1536 + 24 * imageMiB(course), gpus: 0, timeoutSeconds: 0 };
  },
  async compute({ course, config, means }, context) {
    const parts = new Map<string, TablePart[]>();
    const add = (table: string, part: TablePart) => parts.set(table, [...(parts.get(table) ?? []), part]);
    const findings: Finding[] = [];
    const failures: TaskFailure[] = [];
    const ibsi = ibsiSettingsOf(config);
    const records = (await readStructures(context.store, course.courseId)).structures;
    const structures = records.map((record) => takenStructure(record, config.useCropped));
    const images = await readImages(context.store, course.courseId);
    const usable = images.filter(({ modality, grid }) => tableOf(modality) !== undefined && grid !== undefined);
    for (const image of usable) {
      const drawn = structures.filter((record) => record.imageNumber === image.number);
      if (drawn.length === 0) continue;
      const problem = unitProblem(image);
      if (problem !== undefined) {
        const facts = { modality: image.modality, unit: image.quantity };
        for (const record of drawn) add(FEATURE_TABLES.PT, partWithoutSuv(course, facts, record, problem));
        continue;
      }
      const profile = await profileOf(image, config);
      const part = await imageFeatures({ course, image, drawn, profile, config, means }, context);
      findings.push(...part.findings);
      failures.push(...part.failures);
      add(tableOf(image.modality) ?? FEATURE_TABLES.CT, part);
      if (!ibsi) continue;
      const more = await ibsiImageFeatures({ course, image, drawn, settings: ibsi, config, means }, context);
      findings.push(...more.findings);
      failures.push(...more.failures);
      add(IBSI_TABLE, more);
    }
    for (const record of structures) {
      if (usable.some((image) => image.number === record.imageNumber)) continue;
      const modality = modalityNamedFor(course, record, images);
      const part = partWithoutImage(course, modality, record);
      add(tableOf(modality) ?? FEATURE_TABLES.CT, part);
      if (ibsi) add(IBSI_TABLE, part);
    }
    await writeParts(course, parts, context);
    return resultOf(findings, failures);
  },
});

function tableOf(modality: string): string | undefined {
  return FEATURE_TABLES[modality as FeatureModality];
}

/** Of the image of a structure that could not be brought onto one, as far as it is known. */
function modalityNamedFor({ structureSets }: RadiomicsCourse, record: TakenStructure, images: ImageRecord[]): string {
  const image = images.find(({ number }) => number === record.imageNumber);
  const set = structureSets.find(({ sopInstanceUid }) => sopInstanceUid === record.structureSetUid);
  return image?.modality ?? set?.imageModality ?? '';
}

async function writeParts(
  course: RadiomicsCourse,
  parts: Map<string, TablePart[]>,
  context: StageContext,
): Promise<void> {
  for (const [name, list] of parts) {
    const { columns, rows } = concatTables(name, ROI_KEY, list);
    await writeJson(context.store, courseKeys(course.courseId).part('radiomics', name), {
      columns,
      rows,
    } satisfies TablePart);
  }
}
