/**
 * Every key of the output store is built here and nowhere else. A course is known by its hash; no patient's name or
 * number may enter a key. The same layout lies in a folder and under an S3 prefix.
 */

/**
 * What names patients whatever the tables do, and the secrets: it stays with the owner of the data. With pseudonyms nothing
 * outside of it names anyone.
 */
export const PRIVATE_ROOT = 'private/';

/** State of the run that is not a result: catalog, list of courses, configuration, history. */
export const runKeys = {
  request: 'private/request.json',
  /** Which execution works on the upload, and why one was refused. */
  execution: 'run/execution.json',
  rejected: 'run/rejected.json',
  config: 'private/config.json',
  /** The secret that pseudonyms follow from, where the configuration has none. */
  pseudonymKey: 'private/pseudonym.key',
  /** One line per object of the upload; a large upload is read in parts, a file each. */
  instances: 'private/instances/',
  /** Which files sealed names mean, for the owner of the data. */
  fileNames: 'private/files.csv',
  instancePart: (part: string) => `private/instances/${part}.jsonl`,
  /** Of a large upload: one line per batch, and the objects of each, whose keys may name patients. */
  batches: 'run/batches.jsonl',
  batch: (number: number) => `private/batches/${String(number).padStart(5, '0')}.jsonl`,
  organized: 'run/organized.json',
  /** Rows of the tables that follow from the headers alone, in files of many. */
  organizedRows: (table: string, part: number) => `run/organized/${table}-${String(part).padStart(5, '0')}.jsonl`,
  /** What organize made of the patients of an upload, for its next run. */
  knownPatients: 'private/known-patients/',
  knownPatientsPart: (part: number) => `private/known-patients/${String(part).padStart(5, '0')}.txt`,
  courses: 'run/courses.jsonl',
  status: (stage: string) => `run/status/${stage}.json`,
  task: (stage: string) => `run/tasks/${stage}.json`,
  unpacked: (archive: string) => `private/archives/${archive}.json`,
  /** What was fetched from an archive for this run, a folder per request, and the requests: they name patients. */
  fetched: (number: number) => `private/fetched/${number}/`,
  fetchRequest: (number: number) => `private/fetched/${number}.json`,
  history: 'run/history.jsonl',
  /** Of the run on this machine: spans and counters for Perfetto, and how it stands at the moment. */
  trace: 'run/trace.json',
  state: 'run/state.json',
  log: 'run/log.jsonl',
  mapResults: 'run/courses/',
};

export const resultKeys = {
  table: (name: string, extension: 'parquet' | 'csv') => `results/${name}.${extension}`,
  /** The tables for query engines, a folder each: an engine reads all files of a folder as one table. */
  queryTable: (name: string) => `results/query/${name}/${name}.parquet`,
  workbook: 'results/results.xlsx',
  dictionary: 'results/data_dictionary.json',
  /** Features that are fit for a model, by structure. */
  robustFeatures: 'results/robust_features.json',
  report: 'results/report.html',
  /** A page of the report for each course. */
  coursePages: 'results/report/',
  coursePage: (courseId: string) => `results/report/${courseId}.html`,
  run: 'results/run.json',
  /** For tools that know nothing of this product: the tables with their types, and what they were made from. */
  dataPackage: 'results/datapackage.json',
  researchObject: 'results/ro-crate-metadata.json',
};

/** Prefix of the results bucket for models and weights, and what lies there: parts, lists of folders, and this. */
export const MODELS_ROOT = 'models';
export const PUBLISHED_MODELS = 'published.json';

/** Prefix of the results bucket: answers to queries over the tables of all runs. They are copies that expire in days. */
export const QUERY_RESULTS = 'queries/';

/** Key of the results bucket: configuration of runs whose upload brings none. */
export const DEPLOYED_CONFIG_KEY = 'config/pipeline.json';

/** Objects unpacked from archives of the upload, in one folder per archive. */
export const UNPACKED_ROOT = 'private/unpacked/';

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
    structures: `${root}/structures/masks.json`,
    mask: (number: number) => `${root}/structures/masks/${number}.nii.gz`,
    /** The same on the whole grid of its image, for other programs. */
    wholeMask: (name: string) => `${root}/structures/nifti/${name}.nii.gz`,
    croppedMask: (number: number) => `${root}/structures/cropped/${number}.nii.gz`,
    croppedImage: (number: number) => `${root}/structures/cropped/image-${number}.nii.gz`,
    cropping: `${root}/structures/cropping.json`,
    /** What was written as DICOM. */
    structureObjects: `${root}/structures/objects.json`,
    segmentation: (model: string, file: string) => `${root}/segmentation/${model}/${file}`,
    part: (stage: string, table: string) => `${root}/${stage}/${table}.json`,
    file: (stage: string, name: string) => `${root}/${stage}/${name}`,
    /** Planes through the patient with outlines and dose, as a stage wants to show them. */
    pictures: (stage: 'dvh' | 'qc') => `${root}/${stage}/pictures.json`,
  };
}
