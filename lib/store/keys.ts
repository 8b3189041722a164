/**
 * Every key of the output store is built here and nowhere else. A course is known by its hash; no patient's name or
 * number may enter a key. The same layout lies in a folder and under an S3 prefix.
 */

/** State of the run that is not a result: catalog, list of courses, configuration, history. */
export const runKeys = {
  request: 'run/request.json',
  config: 'run/config.json',
  instances: 'run/instances.jsonl',
  organized: 'run/organized.json',
  courses: 'run/courses.jsonl',
  status: (stage: string) => `run/status/${stage}.json`,
  history: 'run/history.jsonl',
  trace: 'run/trace.json',
  log: 'run/log.jsonl',
  mapResults: 'run/courses/',
};

export const resultKeys = {
  table: (name: string, extension: 'parquet' | 'csv') => `results/${name}.${extension}`,
  workbook: 'results/results.xlsx',
  dictionary: 'results/data_dictionary.json',
  report: 'results/report.html',
  run: 'results/run.json',
};

/** Objects unpacked from an archive of the upload. */
export const unpackedKey = (archive: string, entry: string) => `unpacked/${archive}/${entry}`;

export function courseKeys(courseId: string) {
  const root = `courses/${courseId}`;
  return {
    root: `${root}/`,
    course: `${root}/course.json`,
    task: (stage: string) => `${root}/tasks/${stage}.json`,
    status: (stage: string) => `${root}/status/${stage}.json`,
    log: (stage: string) => `${root}/logs/${stage}.log`,
    /** The voxels of a series, `number` counts the series of the course. */
    image: (number: number) => `${root}/images/${number}.nii.gz`,
    images: `${root}/images/images.json`,
    structures: `${root}/structures/structures.json`,
    mask: (number: number) => `${root}/structures/masks/${number}.nii.gz`,
    segmentation: (model: string, file: string) => `${root}/segmentation/${model}/${file}`,
    part: (stage: string, table: string) => `${root}/${stage}/${table}.json`,
    file: (stage: string, name: string) => `${root}/${stage}/${name}`,
  };
}
