/** A query that the workgroup keeps as an example. */
export interface ExampleQuery {
  name: string;
  description: string;
  sql: string;
}

/** What people replace in an example: the name of a run. */
export const RUN_TO_REPLACE = 'my-run';

/**
 * Three questions to the tables. Each names its run; several are `run IN ('a', 'b')`. A metric that a run does not have ends the
 * query: `element_at(measured, 'V20Gy[%]')` is empty there instead.
 */
export const EXAMPLE_QUERIES: ExampleQuery[] = [
  {
    name: 'dose-of-organs',
    description: 'Dose of each organ in the structure sets of the plans',
    sql: `SELECT standard_name,
       count(*) AS structures,
       avg(measured['Mean[Gy]']) AS mean_gy,
       min(measured['D95%[Gy]']) AS least_d95_gy,
       max(measured['Max[Gy]']) AS most_gy
FROM dvh_metrics
WHERE run = '${RUN_TO_REPLACE}' AND status = 'ok' AND "primary" AND standard_name <> ''
GROUP BY standard_name
ORDER BY standard_name`,
  },
  {
    name: 'features-beside-dose',
    description: 'A feature of each structure in the CT beside its dose, a row for each structure and dose',
    sql: `SELECT d.patient_id, d.course_id, d.roi_name, d.dose_uid,
       d.measured['Mean[Gy]'] AS mean_gy,
       r.measured['original_firstorder_Mean'] AS mean_hu
FROM dvh_metrics d
JOIN radiomics_ct r
  ON r.run = d.run AND r.patient_id = d.patient_id AND r.course_id = d.course_id
 AND r.structure_set_uid = d.structure_set_uid AND r.roi_number = d.roi_number
 AND r.roi_name = d.roi_name AND r.source = d.source
WHERE d.run = '${RUN_TO_REPLACE}' AND r.run = '${RUN_TO_REPLACE}' AND d.status = 'ok' AND r.status = 'ok'
ORDER BY d.patient_id, d.course_id, d.roi_name, d.dose_uid`,
  },
  {
    name: 'what-is-missing',
    description: 'Stages without a result, and errors and warnings, with the number of courses',
    sql: `SELECT stage, status AS what, count(*) AS courses
FROM status
WHERE run = '${RUN_TO_REPLACE}' AND status <> 'ok'
GROUP BY stage, status
UNION ALL
SELECT stage, severity || ' ' || code AS what, count(DISTINCT course_id) AS courses
FROM findings
WHERE run = '${RUN_TO_REPLACE}' AND severity <> 'info'
GROUP BY stage, severity, code
ORDER BY 1, 2`,
  },
];
