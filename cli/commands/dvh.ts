import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { DataSet } from '#lib/dicom/data-set.ts';
import { DEFAULT_MEASURE_OPTIONS, dvhOfCourse } from '#lib/dvh/course.ts';
import type { CourseDvh, CourseRoi } from '#lib/dvh/course-dvh.ts';
import { CURVE_COLUMNS, CURVES_KEY, METRICS_KEY } from '#lib/dvh/metrics/columns.ts';
import { END_CAPS, type EndCap } from '#lib/dvh/solid/solid.ts';
import { BadInput } from '#lib/errors.ts';
import { type SlicePlanes, slicePlanesOf } from '#lib/image/slice-planes.ts';
import { type Plan, plannedFractions, planPrescription, readPlan, targetPrescriptions } from '#lib/rt/plan.ts';
import { readDose } from '#lib/rt/read-dose.ts';
import { readStructureSet } from '#lib/rt/read-structure-set.ts';
import { matchesPattern } from '#lib/rt/roi-pattern.ts';
import { COURSE_KEY } from '#lib/rt/row-identity.ts';
import type { StructureSet } from '#lib/rt/structure-set.ts';
import { harmonise } from '#lib/structures/names/harmonise.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { casesExit } from '../cases-exit.ts';
import { readDicom, readSeriesFolder } from '../files/read-files.ts';

export interface DvhCommand {
  struct: string;
  dose: string;
  plan?: string;
  image?: string;
  relativeUnit?: string;
  roi: string[];
  endCap: EndCap;
  metric: string[];
  format: 'csv' | 'json';
  curves?: string;
}

export function addDvh(program: Command): void {
  program
    .command('dvh')
    .requiredOption('--struct <file>', 'RTSTRUCT')
    .requiredOption('--dose <file>', 'RTDOSE')
    .option('--plan <file>', 'RTPLAN, for prescriptions and fractions')
    .option(
      '--image <dir>',
      'folder with the image series; it tells missing contours from the ends of a structure, and the slice thickness',
    )
    .option('--relative-unit <Gy>', 'dose in Gy of the relative value 1')
    .option('--roi <patterns...>', 'only these ROIs; * matches any text, ? any character', [])
    .option(
      '--end-cap <rule>',
      'how a structure ends beyond its last contour: rounded, half-gap, none or full',
      DEFAULT_MEASURE_OPTIONS.endCap,
    )
    .option('--metric <names...>', 'metrics in TG-263 style, such as D95%[Gy] V20Gy[%]; default: the usual set', [])
    .option('--format <format>', 'csv or json', 'csv')
    .option('--curves <file>', 'write the cumulative curves to this CSV file')
    .action(async (options: DvhCommand) => {
      const result = await dvhOfFiles(options);
      for (const { severity, code, where, message } of result.findings)
        console.error(`${severity} ${code} ${where}: ${message}`);
      const table = { name: 'dvh_metrics', key: ofOneCourse(METRICS_KEY), columns: result.columns, rows: result.rows };
      process.stdout.write(options.format === 'json' ? `${JSON.stringify(result.rows, null, 2)}\n` : toCsv(table));
      const curves = { name: 'dvh_curves', key: ofOneCourse(CURVES_KEY), columns: CURVE_COLUMNS, rows: result.curves };
      if (options.curves) await writeFile(options.curves, toCsv(curves));
      process.exitCode = casesExit(result.rows);
    });
}

/** Files are of no course: their tables have no columns that name one. */
function ofOneCourse(key: string[]): string[] {
  return key.filter((name) => !COURSE_KEY.includes(name));
}

export async function dvhOfFiles(options: DvhCommand): Promise<CourseDvh> {
  if (!END_CAPS.includes(options.endCap)) throw new BadInput(`--end-cap must be one of ${END_CAPS.join(', ')}`);
  if (!['csv', 'json'].includes(options.format)) throw new BadInput('--format must be csv or json');
  const relativeUnitGy = options.relativeUnit === undefined ? undefined : Number(options.relativeUnit);
  if (relativeUnitGy !== undefined && !(relativeUnitGy > 0))
    throw new BadInput('--relative-unit must be a dose in Gy, above 0');
  const structureSet = readStructureSet(await readObject(options.struct, 'RTSTRUCT'));
  const dose = await readDose(await readObject(options.dose, 'RTDOSE'), { relativeUnitGy });
  const plan = options.plan === undefined ? undefined : readPlan(await readObject(options.plan, 'RTPLAN'));
  const image = options.image === undefined ? undefined : await readSeriesFolder(options.image);
  const singlePlaneMm = image?.volume.grid.spacingMm[2] ?? DEFAULT_MEASURE_OPTIONS.singlePlaneMm;
  const measured = dvhOfCourse({
    rois: roisOf(structureSet, options.roi, image && slicePlanesOf(image.volume.grid)),
    dose,
    prescriptions: prescriptionsOf(plan),
    fractions: plan && plannedFractions(plan),
    options: {
      ...DEFAULT_MEASURE_OPTIONS,
      endCap: options.endCap,
      singlePlaneMm,
      metrics: options.metric.length > 0 ? options.metric : undefined,
    },
  });
  return { ...measured, findings: [...structureSet.findings, ...measured.findings] };
}

/** @throws BadInput naming the path when the file is another kind of object */
async function readObject(path: string, modality: 'RTSTRUCT' | 'RTDOSE' | 'RTPLAN'): Promise<DataSet> {
  const dataSet = await readDicom(path);
  const found = dataSet.text('Modality');
  if (found !== modality)
    throw new BadInput(`the file must be an ${modality}, but its modality is ${found || 'missing'}`, { where: path });
  return dataSet;
}

function roisOf({ rois, sopInstanceUid }: StructureSet, patterns: string[], slices?: SlicePlanes): CourseRoi[] {
  const wanted = rois.filter(
    ({ name }) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(name, pattern)),
  );
  if (wanted.length === 0)
    throw new BadInput(`no ROI matches --roi; the structure set has ${rois.map((roi) => roi.name).join(', ')}`);
  return wanted.map(({ name, number, interpretedType, frameOfReferenceUid, contours }) => ({
    name,
    standardName: harmonise(name).standardName,
    number,
    source: 'manual',
    interpretedType,
    structureSetUid: sopInstanceUid,
    frameOfReferenceUid,
    region: { kind: 'contours', contours, slices },
  }));
}

function prescriptionsOf(plan: Plan | undefined) {
  if (!plan) return { levels: [], planUids: [] };
  const prescription = planPrescription(plan);
  const levels = targetPrescriptions(plan).flatMap(({ description, roiNumber, targetPrescriptionGy: doseGy }) =>
    doseGy === undefined ? [] : [{ planUid: plan.sopInstanceUid, description, roiNumber, doseGy }],
  );
  return {
    levels,
    planUids: [plan.sopInstanceUid],
    courseGy: prescription?.doseGy,
    courseSource: prescription?.source,
  };
}
