import type { Config } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import { readImages } from '../../course-store/images.ts';
import { readStructures, type StructureRecord, structureSubject } from '../../course-store/structures.ts';
import { type Finding, finding, findingsOn } from '../../findings.ts';
import { featureColumns } from '../../radiomics/pyradiomics/columns.ts';
import { PERTURBATION_COLUMNS, VALUES_KEY } from '../../robustness/columns.ts';
import { perturbationGrid } from '../../robustness/perturbation-grid.ts';
import { imageMiB } from '../../rt/course.ts';
import { matchesPattern } from '../../rt/roi-pattern.ts';
import { courseKeys } from '../../store/keys.ts';
import { unionColumns } from '../../tables/concat.ts';
import { createParquet } from '../../tables/parquet.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { type FeatureMeans, featureConfig } from '../radiomics/inputs.ts';
import { FEATURE_MODALITIES, profileOf, type RadiomicsProfile, unitProblem } from '../radiomics/profile.ts';
import { resultOf, type TaskFailure } from '../task-failures.ts';
import { type ImageToPerturb, perturbImage } from './image.ts';
import { type Perturbations, ROBUSTNESS_READS, type RobustnessConfig, type RobustnessCourse } from './inputs.ts';
import { forgetKept } from './kept-features.ts';
import { rowsOfStructure, rowWithoutPerturbation } from './rows.ts';

/**
 * The part of a course: a Parquet file, a row per structure and perturbation and a column per feature. Written long, or
 * as JSON like the other parts, 81 perturbations of 1223 features would take ten to fifty times the space of the numbers.
 */
export const VALUES_TABLE = 'robustness_values';
export const valuesKey = (courseId: string) => courseKeys(courseId).file('robustness', `${VALUES_TABLE}.parquet`);

/** Radiomics features again under perturbations of image and mask. */
export const robustness = defineCourseStage({
  name: 'robustness',
  reads: ROBUSTNESS_READS,
  configuration: (config): RobustnessConfig => ({
    modes: config.radiomics_robustness.modes,
    perturbation: config.radiomics_robustness.segmentation_perturbation,
    features: featureConfig(config),
  }),
  means: ({ radiomics_robustness: settings }) => ({ taskTimeoutSeconds: settings.task_timeout }),
  claim(course, config) {
    if (!config.radiomics_robustness.enabled) return { skip: 'disabled: radiomics_robustness.enabled is false' };
    const drawn = course.structureSets.flatMap((set) =>
      set.header.rois.filter(({ name }) => isWanted([name], perturbationSettings(config))),
    );
    if (drawn.length === 0 && !hasOtherStructures(config)) return { skip: noMatch(perturbationSettings(config)) };
    const tasks = Math.max(1, drawn.length) * perturbationGrid(perturbationSettings(config)).length;
    const cpus = tasks < 16 ? 2 : tasks < 100 ? 4 : tasks < 400 ? 8 : 16;
    return { cpus, memoryMiB: 1536 + 48 * imageMiB(course) + 256 * cpus, gpus: 0, timeoutSeconds: 0 };
  },
  async compute({ course, config, means, force }, context) {
    const { structures } = await readStructures(context.store, course.courseId);
    const wanted = structures.filter(({ roiName, standardName }) =>
      isWanted([roiName, standardName ?? ''], config.perturbation),
    );
    if (wanted.length === 0) return { status: 'skipped', reason: noMatch(config.perturbation), findings: [] };
    const images = await imagesToPerturb(course, wanted, config, context);
    const { findings, failures } = await writeValues({ course, wanted, images, config, means, force }, context);
    return resultOf(findings, failures);
  },
});

function isWanted(names: string[], { apply_to_structures: patterns }: Perturbations): boolean {
  return names.some((name) => patterns.some((pattern) => matchesPattern(name, pattern)));
}

function perturbationSettings(config: Config): Perturbations {
  return config.radiomics_robustness.segmentation_perturbation;
}

/** Structures whose names are not known before they are made. */
function hasOtherStructures(config: Config): boolean {
  return config.segmentation.enabled || config.custom_models.enabled || config.custom_structures !== null;
}

function noMatch({ apply_to_structures: patterns }: Perturbations): string {
  return `no structure has a name that matches ${patterns.join(', ')}`;
}

async function imagesToPerturb(
  course: RobustnessCourse,
  wanted: StructureRecord[],
  { features }: RobustnessConfig,
  { store }: StageContext,
): Promise<ImageToPerturb[]> {
  const images = await readImages(store, course.courseId);
  const usable = images.filter((image) => {
    const isDrawnOn = wanted.some(({ imageNumber }) => imageNumber === image.number);
    const hasFeatures = (FEATURE_MODALITIES as string[]).includes(image.modality) && !unitProblem(image);
    return isDrawnOn && image.grid !== undefined && hasFeatures;
  });
  return Promise.all(
    usable.map(async (image) => {
      const profile = withoutDiagnostics(await profileOf(image, features));
      const drawn = wanted.filter(({ imageNumber }) => imageNumber === image.number);
      return { image, profile, drawn, columns: featureColumns(profile.settings) };
    }),
  );
}

/** They tell of one region, and no table of perturbations has them. */
function withoutDiagnostics(profile: RadiomicsProfile): RadiomicsProfile {
  const { settings } = profile;
  return { ...profile, settings: { ...settings, setting: { ...settings.setting, additionalInfo: false } } };
}

interface ValuesWork {
  course: RobustnessCourse;
  wanted: StructureRecord[];
  images: ImageToPerturb[];
  config: RobustnessConfig;
  means: FeatureMeans;
  force: boolean;
}

/** Structures in the order of the course, perturbations in that of their grid: the same bytes for any number of workers. */
async function writeValues(
  { course, wanted, images, config, means, force }: ValuesWork,
  context: StageContext,
): Promise<{ findings: Finding[]; failures: TaskFailure[] }> {
  const findings: Finding[] = [];
  const failures: TaskFailure[] = [];
  const features = unionColumns(images.map(({ columns }) => columns));
  const file = createParquet({
    name: VALUES_TABLE,
    key: VALUES_KEY,
    columns: [...PERTURBATION_COLUMNS, ...features],
  });
  for (const image of images) {
    for (const result of await perturbImage({ course, image, config, means, force }, context)) {
      findings.push(...result.findings);
      failures.push(...result.failures);
      file.append(rowsOfStructure(course, image, result));
    }
  }
  const elsewhere = wanted.filter((record) => !images.some(({ image }) => image.number === record.imageNumber));
  for (const record of elsewhere) {
    const reason = record.reason || 'its image gets no features';
    const where = `roi ${record.roiNumber} (${record.source})`;
    findings.push(...findingsOn(structureSubject(record), [finding('NOT_PERTURBED', where, reason)]));
    file.append([rowWithoutPerturbation(course, record, undefined, { status: 'failed', reason })]);
  }
  await context.store.put(valuesKey(course.courseId), file.finish());
  if (failures.length === 0) await forgetKept(course.courseId, context);
  return { findings, failures };
}
