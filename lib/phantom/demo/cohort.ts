import { writeDicom } from '../../dicom/write.ts';
import type { PhantomFile } from '../file.ts';
import type { CourseTruth } from '../truth.ts';
import { alternatives } from './alternatives-case.ts';
import { breathing } from './breathing-case.ts';
import type { PhantomCase } from './case.ts';
import { FAULTS, filesOf, foreignFiles } from './faults.ts';
import { brokenScan, imagesOnly, planWithoutDose, structuresOnly } from './incomplete-cases.ts';
import { PATIENTS } from './patients.ts';
import { prostateBoost, prostateSib } from './prostate-cases.ts';
import { lungReplan, lungStereotactic, mediastinumSum } from './thorax-cases.ts';

/** What a run over the cohort must count, and the courses that it must find. */
export interface CohortTruth {
  /** Files that are no DICOM at all. */
  foreign: number;
  /** Instances whose file ends within the header, or within the pixels. */
  cutInHeader: number;
  cutInPixels: number;
  /** Files that repeat an instance byte for byte, or with other content. */
  copies: number;
  conflicts: number;
  courses: Record<string, CourseTruth>;
}

/**
 * The sample cohort: ten persons who do not exist and eleven studies, which together show every rule by which instances
 * become courses and every way in which a ROI can end. Always the same bytes.
 */
export function* demoCohort(): Generator<PhantomFile> {
  for (const phantomCase of demoCases()) {
    for (const object of phantomCase.objects()) yield* filesOf(phantomCase.name, object, writeDicom(object));
  }
  yield* foreignFiles();
}

/** Counts and truths of the cohort. */
export function demoTruth(): CohortTruth {
  const cases = demoCases();
  const count = (kind: string) => FAULTS.filter((fault) => fault.kind === kind).length;
  return {
    foreign: foreignFiles().length,
    cutInHeader: count('cut in header'),
    cutInPixels: count('cut in pixels'),
    copies: count('copy'),
    conflicts: count('conflict'),
    courses: Object.fromEntries(cases.map((phantomCase) => [phantomCase.name, phantomCase.truth()])),
  };
}

/** Each with the study that it describes. Two studies belong to one person. */
export function demoCases(): PhantomCase[] {
  const [adam, bruno, clara, dora, emil, juergen, grace, hugo, iris, karl] = PATIENTS;
  return [
    prostateSib(adam),
    prostateBoost(bruno),
    lungStereotactic(bruno),
    lungReplan(clara),
    mediastinumSum(dora),
    planWithoutDose(emil),
    structuresOnly(juergen),
    imagesOnly(grace),
    brokenScan(hugo),
    breathing(iris),
    alternatives(karl),
  ];
}
