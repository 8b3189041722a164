import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, readImage } from '../../course-store/images.ts';
import { readMask, type TakenStructure } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { BadConfig, describeError } from '../../errors.ts';
import type { Finding } from '../../findings.ts';
import type { Mask } from '../../image/grid.ts';
import { sharedVolume } from '../../image/shared-volume.ts';
import { ibsiColumns } from '../../radiomics/ibsi/columns.ts';
import type { IbsiResult } from '../../radiomics/ibsi/ibsi-features.ts';
import { intensityUnitOf } from '../../radiomics/ibsi/intensity-unit.ts';
import { prepareIbsiImage } from '../../radiomics/ibsi/prepare.ts';
import { type IbsiSettings, ibsiSettings } from '../../radiomics/ibsi/settings.ts';
import { roiDecision } from '../../radiomics/pyradiomics/roi-rules.ts';
import { parseRadiomicsSettings } from '../../radiomics/settings/settings.ts';
import type { MaskStatus } from '../../rt/roi-status.ts';
import type { Column } from '../../tables/table.ts';
import { failuresOf, type TaskFailure } from '../task-failures.ts';
import type { FeatureConfig, FeatureMeans, RadiomicsCourse } from './inputs.ts';
import { findingsOnImage, REGION_COLUMNS, regionCells } from './rows.ts';

const TASKS = new URL('../../radiomics/ibsi/task.ts', import.meta.url).href;

/** The settings of IBSI mode, or undefined when the configuration does not ask for it. @throws BadConfig */
export function ibsiSettingsOf({ ibsi }: Pick<Config['radiomics'], 'ibsi'>): IbsiSettings | undefined {
  if (ibsi === null) return undefined;
  const parsed = ibsiSettings.safeParse(ibsi);
  if (!parsed.success) throw new BadConfig(`radiomics.ibsi: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

interface IbsiWork {
  course: RadiomicsCourse;
  image: ImageRecord;
  drawn: TakenStructure[];
  settings: IbsiSettings;
  config: FeatureConfig;
  means: FeatureMeans;
}

/** IBSI features of all structures drawn on one image; every structure is a row, in the order of the course's. */
export async function ibsiImageFeatures(
  { course, image, drawn, settings: given, config, means }: IbsiWork,
  context: StageContext,
): Promise<TablePart & { findings: Finding[]; failures: TaskFailure[] }> {
  const settings = { ...given, intensityUnit: given.intensityUnit ?? intensityUnitOf(image.quantity) };
  const admitted = await Promise.all(drawn.map((record) => admit(record, image, config, context)));
  const prepared = prepareIbsiImage(sharedVolume(await readImage(context.store, image)), settings);
  const tasks = admitted.flatMap((one, i) => {
    if (!one.mask) return [];
    const argument = { prepared, mask: one.mask, settings };
    const label = `roi ${drawn[i].roiNumber}`;
    const timeoutMs = 1000 * means.taskTimeoutSeconds;
    return [{ module: TASKS, name: 'ibsiRegionTask', argument, label, timeoutMs }];
  });
  const done = (await context.pool.map<IbsiResult>('ibsi', tasks, context.signal)).values();
  const failures: TaskFailure[] = [];
  const results = admitted.map(({ mask, status, reason }, i): Outcome => {
    if (!mask) return { status, reason, values: [], findings: [] };
    const result = done.next().value;
    if (result) failures.push(...failuresOf(drawn[i], result));
    if (result?.ok) return result.value;
    return { status: 'failed', reason: describeError(result?.error), values: [], findings: [] };
  });
  return {
    columns: ibsiTableColumns(settings),
    rows: results.map((result, i) => ({
      ...regionCells(course, { modality: image.modality, unit: image.quantity }, drawn[i], result),
      ...Object.fromEntries(result.values.map((one) => [one.column.name, one.value])),
    })),
    findings: results.flatMap(({ findings }, i) => findingsOnImage(drawn[i], image, findings)),
    failures,
  };
}

/** Columns of the table of IBSI's features: they follow from the settings alone. */
export function ibsiTableColumns(settings: IbsiSettings): Column[] {
  return [...REGION_COLUMNS, ...ibsiColumns(settings)];
}

/** As the engine tells it, or as the structure came. */
interface Outcome extends Omit<IbsiResult, 'status'> {
  status: MaskStatus;
}

interface Admitted extends Pick<Outcome, 'status' | 'reason'> {
  mask?: Mask;
}

async function admit(
  record: TakenStructure,
  image: ImageRecord,
  config: FeatureConfig,
  { store }: StageContext,
): Promise<Admitted> {
  if (record.status !== 'ok' || !image.grid) {
    const status = record.status === 'ok' ? 'failed' : record.status;
    return { status, reason: record.reason || record.status };
  }
  const { skip_rois: skip, min_voxels: minVoxels, max_voxels: maxVoxels } = config;
  const mask = await readMask(store, record, gridOf(image.grid));
  const decided = roiDecision(record.roiName, mask, parseRadiomicsSettings({}), { skip, minVoxels, maxVoxels });
  if ('status' in decided) return decided;
  if (decided.isLarge) return { status: 'skipped_by_rule', reason: 'the body, or larger than radiomics.max_voxels' };
  return { mask, status: 'ok', reason: '' };
}
