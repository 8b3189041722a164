import { writeJson } from '../../course-store/json.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { MEASURE_COLUMNS, measureRows } from '../../qc/measures-table.ts';
import { checkCourse, QC_COLUMNS, qcRows } from '../../qc/qc.ts';
import { imageMiB } from '../../rt/course.ts';
import { courseCells } from '../../rt/row-identity.ts';
import { courseKeys } from '../../store/keys.ts';
import { defineCourseStage } from '../define-course-stage.ts';
import { findingPlanes } from '../pictures/finding-planes.ts';
import { writePictures } from '../pictures/write.ts';
import { picturedDoses } from './doses.ts';
import { collectFacts } from './facts.ts';
import { QC_READS, type QcStageConfig } from './inputs.ts';

/** Checks of what the earlier stages found and made: a row per finding, and a verdict for the course. */
export const qc = defineCourseStage({
  name: 'qc',
  reads: QC_READS,
  configuration: ({ qc: { thresholds, volumes_cc }, dvh: { prescriptions } }): QcStageConfig => ({
    qc: { thresholds, volumes_cc },
    dvh: { prescriptions },
  }),
  means: () => ({}),
  claim: (course, config) =>
    config.qc.enabled
      ? { cpus: 1, memoryMiB: 1024 + 12 * imageMiB(course), gpus: 0, timeoutSeconds: config.task_timeout }
      : { skip: 'disabled: qc.enabled is false' },
  async compute({ course, config }, context) {
    const facts = await collectFacts(course, config, context);
    const results = checkCourse(facts, config.qc);
    const keys = courseKeys(course.courseId);
    const checks: TablePart = { columns: QC_COLUMNS, rows: qcRows(courseCells(course), results) };
    await writeJson(context.store, keys.part('qc', 'qc'), checks);
    const measures: TablePart = { columns: MEASURE_COLUMNS, rows: measureRows(courseCells(course), facts.structures) };
    await writeJson(context.store, keys.part('qc', 'qc_measures'), measures);
    const found = results.flatMap(({ findings }) => findings);
    const doses = await picturedDoses(course, context);
    const drawing = await writePictures('qc', { course, doses }, findingPlanes(found), context);
    return { status: 'ok', findings: [...found.map(({ roi: _, ...one }) => one), ...drawing] };
  },
});
