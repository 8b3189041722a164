import { codeDigest } from '../../code-digest.ts';
import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord, packNifti, readImage } from '../../course-store/images.ts';
import { readJsonIfAny, readJsonIfWhole, sha256, stableJson, writeJson } from '../../course-store/json.ts';
import { GpuOutOfMemory, PipelineError } from '../../errors.ts';
import { distinctFindings, type Finding, finding } from '../../findings.ts';
import { column } from '../../math/vec3.ts';
import type { Course } from '../../rt/course.ts';
import { absentRegion, type RegionNeed } from '../../segmentation/body-regions.ts';
import { evenImage } from '../../segmentation/even-image.ts';
import { failureOf } from '../../segmentation/failure.ts';
import { countLabels, type LabelMap } from '../../segmentation/label-map.ts';
import type { RunModel } from '../../segmentation/model-run.ts';
import type { LabelMapRecord, SegmentationRecord } from '../../segmentation/record.ts';
import { getIfAny } from '../../store/get-if-any.ts';
import { courseKeys } from '../../store/keys.ts';
import { implausibleLabels } from '../../structures/plausible-labels.ts';
import type { CourseResult } from '../define-course-stage.ts';

/** The fields of a course that its label maps follow from. */
export const SEGMENTATION_READS = ['courseId', 'images'] as const satisfies (keyof Course)[];
export type SegmentationCourse = Pick<Course, (typeof SEGMENTATION_READS)[number]>;

/** A model and an image that it is to segment. */
export interface Segmentation {
  model: string;
  source: string;
  image: ImageRecord;
  /** Regions of the body without which it is not run. */
  need?: RegionNeed;
  /** What the result follows from, beside the image. */
  settings: unknown;
  run: RunModel;
}

/** The list of what was segmented: `segmentation/<stage>.json`. */
export interface SegmentationList {
  segmentations: SegmentationRecord[];
}

export function segmentationListKey(courseId: string, stage: string): string {
  return courseKeys(courseId).file('segmentation', `${stage}.json`);
}

const LEAST_SLICES = 10;

/**
 * Runs models on images, each by itself: one that fails is a finding and does not stop the others. What an earlier,
 * interrupted run has made is kept unless `force`. Label maps, their records and the list are written.
 */
export async function segmentImages(
  stage: string,
  course: SegmentationCourse,
  wanted: Segmentation[],
  context: StageContext,
  force: boolean,
): Promise<CourseResult> {
  const records: SegmentationRecord[] = [];
  const errors: unknown[] = [];
  const before = await readJsonIfAny<SegmentationList>(
    context.store,
    segmentationListKey(course.courseId, 'segmentation'),
  );
  for (const segmentation of wanted) {
    context.signal.throwIfAborted();
    const record = blank(course, segmentation);
    const found = stage === 'segmentation' ? records : (before?.segmentations ?? []);
    const refusal = refusalOf(segmentation.image) ?? regionRefusalOf(segmentation, found);
    const earlier = refusal || force ? undefined : await stillValid(course.courseId, record, context);
    if (refusal) records.push({ ...record, status: 'skipped', reason: refusal.message, findings: [refusal] });
    else records.push(earlier ?? (await segment(course.courseId, segmentation, record, context, errors)));
  }
  const list: SegmentationList = { segmentations: records };
  await writeJson(context.store, segmentationListKey(course.courseId, stage), list);
  return resultOf(records, errors);
}

function blank(course: SegmentationCourse, { model, source, image, settings }: Segmentation): SegmentationRecord {
  const { instances } = course.images[image.number];
  return {
    model,
    source,
    imageNumber: image.number,
    seriesInstanceUid: image.seriesInstanceUid,
    status: 'failed',
    reason: '',
    signature: sha256(stableJson({ model, settings, instances, code: codeDigest().images })),
    parts: [],
    missing: [],
    programs: [],
    findings: [],
  };
}

/** Why an image cannot be segmented at all. */
function refusalOf({ grid, seriesInstanceUid: where }: ImageRecord): Finding | undefined {
  if (!grid) return finding('NOT_SEGMENTED', where, 'the image could not be read');
  if (grid.size[2] >= LEAST_SLICES) return undefined;
  const message = `the image has ${grid.size[2]} slices, but models need ${LEAST_SLICES}`;
  return finding('NOT_SEGMENTED', where, message);
}

/** A region that the model needs and that the image does not show, by what TotalSegmentator found in it. */
function regionRefusalOf({ model, image, need }: Segmentation, found: SegmentationRecord[]): Finding | undefined {
  const total = found.find((record) => record.model === 'total' && record.imageNumber === image.number);
  const absent = need && image.grid && absentRegion(need, total, image.grid.spacingMm);
  if (!absent) return undefined;
  const message = `${model} is left out: the image shows ${absent.region} only with confidence ${absent.confidence}`;
  return finding('SEGMENTATION_REGION_ABSENT', image.seriesInstanceUid, message);
}

async function stillValid(
  courseId: string,
  { model, imageNumber, signature }: SegmentationRecord,
  { store, keep }: StageContext,
): Promise<SegmentationRecord | undefined> {
  const key = courseKeys(courseId).segmentation(model, `${imageNumber}.json`);
  const earlier = await readJsonIfWhole<SegmentationRecord>(store, key);
  if (earlier?.signature !== signature || earlier.status !== 'ok') return undefined;
  for (const part of earlier.parts) {
    const body = await getIfAny(store, part.key);
    if (!body || sha256(body) !== part.sha256) return undefined;
    keep?.(part.key, body);
  }
  keep?.(key, await store.get(key));
  return earlier;
}

async function segment(
  courseId: string,
  { model, image, run }: Segmentation,
  record: SegmentationRecord,
  context: StageContext,
  errors: unknown[],
): Promise<SegmentationRecord> {
  const where = image.seriesInstanceUid;
  const log = context.log.child({ model, imageNumber: image.number });
  try {
    const even = evenImage(await readImage(context.store, image), where);
    const input = { volume: even.volume, where, cores: context.pool.width, signal: context.signal, log };
    const { labelMaps, missing, findings, programs } = await run(input);
    log.info({ programs }, 'Segmentation:Model:Done');
    const restored = labelMaps.map(even.restore);
    const doubts = doubtsAbout(model, restored, where);
    const found = distinctFindings([...even.findings, ...orientationFindings(image), ...findings, ...doubts]);
    const done = { ...record, status: 'ok' as const, missing, programs, findings: found };
    return await write(courseId, done, restored, context);
  } catch (error) {
    if (context.signal.aborted || !isExpected(error)) throw error;
    errors.push(error);
    const { code, reason } = failureOf(error);
    log.warn({ code, reason }, 'Segmentation:Model:Failed');
    return { ...record, reason, findings: [finding(code, where, `${model}: ${reason}`)] };
  }
}

/** What speaks against a result: nothing is drawn at all, or what no patient has. */
function doubtsAbout(model: string, labelMaps: LabelMap[], where: string): Finding[] {
  const isEmpty = labelMaps.every(({ volume }) => !volume.data.some((value) => value > 0));
  if (isEmpty) return [finding('SEGMENTED_NOTHING', where, `${model} found none of its structures`)];
  return labelMaps.flatMap(({ labels, volume }) => implausibleLabels(labels, volume, where));
}

/** What a program or a disk may do; anything else is a fault of ours and must show as one. */
function isExpected(error: unknown): boolean {
  return error instanceof PipelineError || (error as NodeJS.ErrnoException)?.code === 'ENOSPC';
}

/** The record is written after the label maps, so that a record never speaks of a file that is not there. */
async function write(
  courseId: string,
  record: SegmentationRecord,
  labelMaps: LabelMap[],
  { store }: StageContext,
): Promise<SegmentationRecord> {
  const keys = courseKeys(courseId);
  const parts: LabelMapRecord[] = [];
  for (const [index, { volume, labels }] of labelMaps.entries()) {
    const file = index === 0 ? `${record.imageNumber}` : `${record.imageNumber}-${index + 1}`;
    const key = keys.segmentation(record.model, `${file}.nii.gz`);
    const body = packNifti(volume);
    await store.put(key, body);
    const counts = countLabels(volume.data);
    const counted = labels.map(({ value, name }) => ({ value, name, voxels: counts.get(value) ?? 0 }));
    parts.push({ key, bytes: body.length, sha256: sha256(body), labels: counted });
  }
  const written: SegmentationRecord = { ...record, parts };
  await writeJson(store, keys.segmentation(record.model, `${record.imageNumber}.json`), written);
  return written;
}

function orientationFindings({ grid, seriesInstanceUid }: ImageRecord): Finding[] {
  const normal = grid && column(gridOf(grid).direction, 2);
  if (!normal || Math.abs(normal[2]) > Math.SQRT1_2) return [];
  const message = 'the slices are not axial, but the models were trained on axial images';
  return [finding('SEGMENTED_NOT_AXIAL', seriesInstanceUid, message)];
}

/** Failed when a model failed; of several errors the one that a larger GPU could help wins. */
function resultOf(records: SegmentationRecord[], errors: unknown[]): CourseResult {
  const findings = records.flatMap((record) => record.findings);
  if (errors.length === 0) return { status: 'ok', findings };
  const error = errors.find((one) => one instanceof GpuOutOfMemory) ?? errors[0];
  const failed = records.filter((record) => record.status === 'failed');
  const reason = failed.map(({ model, reason }) => `${model}: ${reason}`).join('; ');
  return { status: 'failed', reason, findings, error };
}
