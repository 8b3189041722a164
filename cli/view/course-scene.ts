import { resultDoseUids } from '#lib/course-store/dose.ts';
import { readJsonIfAny } from '#lib/course-store/json.ts';
import { readStructures, roiIdentity, type StructureRecord } from '#lib/course-store/structures.ts';
import type { TablePart } from '#lib/course-store/table-part.ts';
import type { Course } from '#lib/rt/course.ts';
import type { SelectedDose } from '#lib/rt/dose-decision.ts';
import { courseKeys } from '#lib/store/keys.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import type { Row } from '#lib/tables/table.ts';
import type { CourseScene, SceneAgreement, SceneCurve, SceneDose, SceneStructure } from '#lib/viewer/scene.ts';
import { nameOf } from '../course-names.ts';
import { readCourse, type ViewedRun } from './viewed-run.ts';

/** What can be shown of a course, without voxels. */
export async function courseScene(run: ViewedRun, courseId: string): Promise<CourseScene> {
  const course = await readCourse(run, courseId);
  const keys = courseKeys(courseId);
  const hasStructures = (await run.store.head(keys.structures)) !== undefined;
  const records = hasStructures ? (await readStructures(run.store, courseId)).structures : [];
  const rows = (stage: string, table: string) => rowsOf(run.store, keys.part(stage, table));
  const tables = { curves: await rows('dvh', 'dvh_curves'), metrics: await rows('dvh', 'dvh_metrics') };
  return {
    courseId,
    name: course.displayName,
    ...nameOf(course),
    images: course.images.map(imageOf),
    doses: dosesOf(course),
    structures: records.map((record) => structureOf(course, record, tables)),
    agreement: agreementOf(course, records, await rows('structures', 'agreement')),
    notes: hasStructures ? [] : ['This course has no structures yet, or its stage failed: see the status.'],
  };
}

async function rowsOf(store: ObjectStore, key: string): Promise<Row[]> {
  return (await readJsonIfAny<TablePart>(store, key))?.rows ?? [];
}

function imageOf({ modality, role, description, date, volume }: Course['images'][number], number: number) {
  const label = [modality, description, volume, date, role === 'planning' ? '(planning)' : ''];
  return { number, label: label.filter(Boolean).join(' '), modality, role };
}

/** The doses that the DVHs are of first, then every other of the course. */
function dosesOf({ doseDecision, doses, plans }: Course): SceneDose[] {
  const { selected, alternatives, otherTypes } = doseDecision;
  const options = selected.length > 0 ? [{ ...doseDecision, doses: selected }] : alternatives;
  const evaluated = [...options, ...otherTypes].flatMap((option) =>
    resultDoseUids(option.doses).map((doseUid) => ({ doseUid, option })),
  );
  const labels = (planUids: string[]) =>
    planUids.flatMap((uid) => plans.find(({ sopInstanceUid }) => sopInstanceUid === uid)?.plan.label ?? []);
  const sums = evaluated
    .filter(({ doseUid }) => !doses.some(({ sopInstanceUid }) => sopInstanceUid === doseUid))
    .map(({ doseUid, option }) => {
      const planUids = option.doses.flatMap(
        (one) => doses.find((d) => d.sopInstanceUid === one.doseUid)?.planUids ?? [],
      );
      const label = `${[...new Set(labels(planUids))].join(' + ')} ${madeOf(option.doses)}`;
      return { doseUid, label, isEvaluated: true, reason: '', prescriptionGy: option.prescriptionGy };
    });
  const single = doses.map(({ sopInstanceUid: doseUid, header, planUids }) => {
    const candidate = doseDecision.candidates.find((one) => one.doseUid === doseUid);
    const option = evaluated.find((one) => one.doseUid === doseUid)?.option;
    const words = [labels(planUids).join(', '), header.summationType, header.description, `…${doseUid.slice(-6)}`];
    return {
      doseUid,
      label: words.filter(Boolean).join(' '),
      isEvaluated: option !== undefined,
      reason: candidate?.reason ?? '',
      prescriptionGy: option?.prescriptionGy ?? null,
    };
  });
  return [...sums, ...single].sort((a, b) => Number(b.isEvaluated) - Number(a.isEvaluated));
}

/** What was made of the doses of the upload. */
function madeOf(doses: SelectedDose[]): string {
  if (doses.length > 1) return `sum of ${doses.length} doses`;
  const [{ tileUids, weight }] = doses;
  const whole = tileUids ? `put together from ${tileUids.length} parts` : 'dose';
  return weight === 1 ? whole : `${weight} x ${whole}`;
}

function structureOf(
  course: Course,
  record: StructureRecord,
  { curves, metrics }: { curves: Row[]; metrics: Row[] },
): SceneStructure {
  const { number, roiName, standardName, interpretedType, volumeCc, status, reason, imageNumber, maskKey } = record;
  return {
    number,
    name: roiName,
    standardName,
    interpretedType,
    group: groupOf(course, record),
    volumeCc,
    missing: maskKey ? '' : reason || status,
    imageNumber: imageNumber ?? null,
    isDrawn: record.source === 'manual',
    curves: curvesOf(
      curves.filter((row) => isOf(course, record, row)),
      metrics.filter((row) => isOf(course, record, row)),
    ),
  };
}

/** `manual RS1 (primary)`, `totalsegmentator`: label and date distinguish sets of one source. */
function groupOf({ structureSets }: Course, { source, structureSetUid }: StructureRecord): string {
  const set = structureSets.find(({ sopInstanceUid }) => sopInstanceUid === structureSetUid);
  if (!set) return source;
  const { label, date } = set.header;
  const isAlone = structureSets.length === 1;
  const words = [
    source,
    label,
    date,
    set.role === 'primary' ? '(primary)' : '',
    isAlone ? '' : `…${set.sopInstanceUid.slice(-4)}`,
  ];
  return words.filter(Boolean).join(' ');
}

/** Whether a row of a table is of this structure: by what identifies it in all tables. */
function isOf(course: Course, record: StructureRecord, row: Row, prefix = ''): boolean {
  const { structureSetUid, roiNumber, roiName, source } = roiIdentity(course, record);
  const text = (name: string) => String(row[`${prefix}${name}`] ?? '');
  return (
    text('roi_number') === String(roiNumber) &&
    text('roi_name') === roiName &&
    text('source') === source &&
    text('structure_set_uid') === structureSetUid
  );
}

function curvesOf(curves: Row[], metrics: Row[]): SceneCurve[] {
  return [...Map.groupBy(curves, (row) => String(row.dose_uid))].map(([doseUid, points]) => ({
    doseUid,
    doseGy: points.map((row) => Number(row['dose[Gy]'])),
    volumeCc: points.map((row) => Number(row['volume[cc]'])),
    metrics: numbersOf(metrics.find((row) => String(row.dose_uid) === doseUid) ?? {}),
  }));
}

function numbersOf(row: Row): Record<string, number> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      typeof value === 'number' && name.endsWith(']') ? [[name, value]] : [],
    ),
  );
}

function agreementOf(course: Course, records: StructureRecord[], rows: Row[]): SceneAgreement[] {
  const numberOr = (value: unknown) => (typeof value === 'number' ? value : null);
  return rows.flatMap((row) => {
    const structure = records.find((record) => isOf(course, record, row));
    const other = records.find((record) => isOf(course, record, row, 'other_'));
    if (!structure || !other) return [];
    return {
      structure: structure.number,
      other: other.number,
      dice: numberOr(row.dice),
      hausdorff95Mm: numberOr(row.hausdorff95_mm),
      meanSurfaceDistanceMm: numberOr(row.mean_surface_distance_mm),
    };
  });
}
