import { z } from 'zod';
import { BadConfig } from './errors.ts';

/**
 * The configuration: one schema, every key with its meaning and default. Keys that RTpipeline 2 had keep their names
 * and meanings. `null` means "the product decides".
 */

const auto = z.union([z.literal('auto'), z.int().min(1)]);
const count = z.int().min(1);
const seconds = z.number().min(0).describe('seconds; 0 means no limit');
const names = z.array(z.string());
/** Names that become words of a program's command line: none may look like an option. */
const programNames = z.array(
  z.string().regex(/^\w[\w.-]*$/, 'a name of letters, digits, _ . and - that starts with no -'),
);
/** A YAML file beside the configuration, or its content: the command line replaces the path by the content. */
const content = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).nullable();

/** A value that is never shown: lib/secrets.ts puts a digest in its place. */
function secret(description: string) {
  const text = z.string().min(1);
  const value = text.refine((given) => !isDigestOfSecret(given), 'is the digest that is shown in place of the secret');
  return value.nullable().default(null).meta({ description, secret: true });
}

/** Whether a text is what lib/secrets.ts shows for a secret. */
export function isDigestOfSecret(text: string): boolean {
  return /^scrypt:[0-9a-f]{12}$/.test(text);
}

const organize = z.strictObject({
  merge_criteria: z
    .enum(['same_ct_study', 'frame_of_reference'])
    .default('same_ct_study')
    .describe('what makes objects of a patient one course'),
  max_days: z
    .number()
    .min(0)
    .nullable()
    .default(null)
    .describe('plans further apart than this are courses of their own'),
  course_salt: secret(
    'secret that course ids and pseudonyms are hashed with; null: with pseudonym, a key made at the first run, else a public word',
  ),
  identifiers: z
    .enum(['keep', 'id', 'pseudonym'])
    .default('id')
    .describe('what of the patient enters the tables: all, PatientID with sex and age, or a keyed hash instead'),
  dose_override: content.default(null).describe('file that decides the dose of a course by hand'),
  read_timeout: seconds.default(300).describe('for one batch of header reads, in seconds'),
});

const segmentation = z.strictObject({
  enabled: z.boolean().default(true).describe('run TotalSegmentator where it is installed'),
  workers: count
    .nullable()
    .default(null)
    .describe(
      'courses segmented at once; default 1 on a GPU, max(1, min(2, workers / 2)) on a CPU; more than there are GPUs: courses share a GPU',
    ),
  threads_per_worker: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe(
      'OMP, OpenBLAS, MKL, NumExpr and Numba threads of one program; 0: no limit; null: as many as the job has CPUs',
    ),
  device: z
    .enum(['auto', 'gpu', 'cpu', 'mps'])
    .default('auto')
    .describe('where models compute; auto: on GPUs with 7000 MiB or more, else on the CPU'),
  fast: z.boolean().default(false).describe('3 mm instead of 1.5 mm model'),
  force: z.boolean().default(false).describe('segment again what is segmented'),
  roi_subset: programNames.nullable().default(null).describe('only these classes'),
  extra_models: programNames.default([]).describe('further TotalSegmentator tasks; names ending in _mr apply to MR'),
  force_split: z.boolean().default(true).describe('split the image to save memory'),
  nr_threads_resample: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  nr_threads_save: count.nullable().default(null).describe('default: the CPUs of the job, 2 to 8'),
  num_proc_preprocessing: count.default(1).describe('processes of nnU-Net that prepare the image'),
  num_proc_export: count.default(1).describe('processes of nnU-Net that write the result'),
  torch_threads: count.default(1).describe('threads of PyTorch in releases and forks that ask for it'),
  timeout: seconds.default(3600),
  license: secret('TotalSegmentator licence for the tasks that need one'),
  weights: z.string().nullable().default(null).describe('folder of the weights, or the URI of a published one'),
  command: z.string().default('TotalSegmentator').describe('the program, by name or path'),
});

const customModels = z.strictObject({
  enabled: z.boolean().default(false).describe("run models of one's own"),
  root: z
    .string()
    .default('custom_models')
    .describe('folder of folders with a custom_model.yaml, or the URI of a published one'),
  digest: z
    .string()
    .nullable()
    .default(null)
    .describe('of the models in that folder: written by the command line, so that a changed model is run again'),
  networks: z
    .array(z.tuple([z.int(), z.number().positive().nullable(), z.int().positive().nullable()]))
    .default([])
    .describe(
      'classes, mm^3 of a voxel and voxels of a window of each network, which its memory follows from: written by the command line',
    ),
  models: names.default([]).describe('only these; empty means all'),
  workers: count.nullable().default(null).describe('courses at once; default as for segmentation'),
  force: z.boolean().default(false).describe('run them again where they have run'),
  nnunet_predict: z.string().default('nnUNetv2_predict').describe('the program of nnU-Net, by name or path'),
  retain_weights: z.boolean().default(true).describe('keep unpacked weights after the run'),
  conda_activate: z
    .string()
    .nullable()
    .default(null)
    .describe('shell command that comes before nnU-Net, such as `conda activate nnunet`'),
  timeout: seconds.default(3600),
});

const structures = z.strictObject({
  names: z.record(z.string(), z.string()).default({}).describe('own name -> standard name, before the TG-263 table'),
  max_contour_gap_mm: z.number().min(0).default(10).describe('contour planes further apart are separate pieces'),
  agreement_tolerance_mm: z
    .number()
    .positive()
    .default(2)
    .describe('surfaces of manual and automatic structures this close agree'),
  empty_rois: z.boolean().default(true).describe('RTSTRUCT and SEG keep structures without voxels, without contours'),
  roi_name_characters: z
    .int()
    .min(16)
    .max(64)
    .default(64)
    .describe('longer names are cut in RTSTRUCT and SEG: 16 for planning systems that take no more'),
});

const dvh = z.strictObject({
  end_cap: z
    .enum(['rounded', 'half-gap', 'none', 'full'])
    .default('rounded')
    .describe('what lies beyond the end contours of an ROI'),
  metrics: names.nullable().default(null).describe('metric columns in TG-263 style; null means the default set'),
  prescriptions: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> prescribed dose in Gy'),
  alpha_beta_gy: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> alpha/beta in Gy, adds BED and EQD2'),
  geud_a: z
    .record(z.string(), z.number())
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> exponent a, adds gEUD'),
  goals: content
    .default(null)
    .describe('clinical goals file; a goal names a ROI as its source or TG-263 does, or by a pattern'),
  all_dose_types: z
    .boolean()
    .default(false)
    .describe('where a plan has a physical and an effective dose: rows of both, not of the prescribed type alone'),
});

const radiomics = z.strictObject({
  enabled: z.boolean().default(true).describe('compute radiomics features'),
  sequential: z.boolean().default(false).describe('one ROI at a time'),
  workers: count.nullable().default(null).describe('worker threads; default: all but one of the budget'),
  params_file: content.default(null).describe('PyRadiomics parameter file for CT; null means the built-in one'),
  mr_params_file: content.default(null).describe('the same for MR'),
  pet_params_file: content.default(null).describe('the same for PET in SUV'),
  thread_limit: count.nullable().default(null).describe('accepted and without effect: radiomics starts no programs'),
  skip_rois: names
    .default(['body', 'couchsurface', 'couchinterior', 'couchexterior', 'bones', 'm1', 'm2'])
    .describe('names, in any case, that get the status skipped_by_rule'),
  max_voxels: count.default(15_000_000).describe('larger ROIs: original image at 2 mm, first order and shape only'),
  min_voxels: count.default(10).describe('smaller ROIs get the status too_small'),
  task_timeout: seconds.default(600).describe('per ROI'),
  ibsi: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe('IBSI mode: processing and filters by IBSI names'),
});

const robustness = z.strictObject({
  enabled: z.boolean().default(true).describe('compute features again under perturbations'),
  modes: z
    .array(z.enum(['segmentation_perturbation']))
    .default(['segmentation_perturbation'])
    .describe('what is perturbed'),
  segmentation_perturbation: z
    .strictObject({
      apply_to_structures: names.default(['GTV*', 'CTV*', 'PTV*']).describe('patterns of written or standard names'),
      small_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.15, 0, 0.15])
        .describe('parts of the volume that are added, at mild and standard intensity'),
      large_volume_changes: z
        .array(z.number().gt(-1))
        .default([-0.3, 0, 0.3])
        .describe('the same at aggressive intensity'),
      max_translation_mm: z.number().min(0).default(4).describe('how far masks are moved, in mm'),
      n_random_contour_realizations: z
        .int()
        .min(0)
        .default(2)
        .describe('masks with random contours; at mild intensity one at most'),
      contour_randomization_mm: z.number().min(0).default(0).describe('0 means half of max_translation_mm'),
      rotation_angles_deg: z.array(z.number()).default([0]).describe('turns of masks about the z axis, in degrees'),
      noise_levels: z
        .array(z.number().min(0))
        .default([0, 10, 20])
        .describe('standard deviations in HU; of CT alone; at mild intensity the first'),
      intensity: z
        .enum(['mild', 'standard', 'aggressive'])
        .default('mild')
        .describe('how many perturbations: 12, 81 or 315 with the other settings as they are'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      icc: z
        .strictObject({
          icc_type: z
            .enum(['ICC1', 'ICC2', 'ICC3'])
            .default('ICC1')
            .describe('what the label goes by: one way, two way random, or two way mixed with CoV as in RTpipeline 2'),
          ci: z.boolean().default(true).describe('by the lower end of its 95 % confidence interval'),
        })
        .prefault({}),
      cov: z.strictObject({ enabled: z.boolean().default(true).describe('coefficient of variation') }).prefault({}),
      qcd: z
        .strictObject({ enabled: z.boolean().default(true).describe('quartile coefficient of dispersion') })
        .prefault({}),
    })
    .prefault({}),
  thresholds: z
    .strictObject({
      icc: z
        .strictObject({
          robust: z.number().default(0.9).describe('a feature with an ICC from this on is robust'),
          acceptable: z.number().default(0.75).describe('a feature with an ICC from this on is acceptable'),
        })
        .prefault({}),
      cov: z
        .strictObject({
          robust_pct: z.number().default(10).describe('by ICC3: a feature with a CoV up to this is robust, in %'),
          acceptable_pct: z
            .number()
            .default(20)
            .describe('by ICC3: a feature with a CoV up to this is acceptable, in %'),
        })
        .prefault({}),
    })
    .prefault({}),
  task_timeout: seconds.default(600).describe('per ROI'),
});

const cropping = z.strictObject({
  enabled: z.boolean().default(false).describe('crop images to an anatomical region'),
  region: z.enum(['pelvis', 'thorax', 'abdomen', 'head_neck', 'brain']).default('pelvis').describe('the region'),
  superior_margin_cm: z
    .number()
    .nullable()
    .default(null)
    .describe('beyond its upper landmark, in cm; null: as the region says'),
  inferior_margin_cm: z.number().nullable().default(null).describe('beyond its lower landmark, in cm'),
  use_cropped_for_dvh: z.boolean().default(true).describe('DVHs of the cropped structures'),
  use_cropped_for_radiomics: z.boolean().default(false).describe('features of the cropped structures'),
  keep_original: z.boolean().default(true).describe('accepted and without effect: originals are always kept'),
});

const percent = z.number().min(0);

const qc = z.strictObject({
  enabled: z.boolean().default(true).describe('check every course'),
  volumes_cc: z
    .record(z.string(), z.tuple([z.number().min(0), z.number().min(0)]))
    .default({})
    .describe('ROI name (its own or by TG-263) or pattern -> least and most volume in cc, before the built-in ranges'),
  thresholds: z
    .strictObject({
      air_hu: z.number().min(0).default(60).describe('HU that the air around the patient may lie off -1000'),
      tissue_hu: z.number().min(0).default(150).describe('HU that the most frequent soft tissue may lie off 0'),
      metal_hu: z.number().default(2500).describe('voxels above this many HU are metal'),
      metal_cc: z.number().min(0).default(1).describe('metal of more than this volume is told, in cc'),
      contrast_hu: z.number().default(100).describe('median HU of great vessels from which on contrast is in them'),
      island_percent: percent
        .default(5)
        .describe('pieces of a structure below this part of its largest piece are islands'),
      overlap_percent: percent.default(10).describe('organs may share this part of the smaller one'),
      nesting_percent: percent.default(2).describe('part of a GTV or CTV that may lie outside its CTV or PTV'),
      outside_body_percent: percent.default(2).describe('part of a structure that may lie outside the body outline'),
      body_air_percent: percent.default(2).describe('part of the body outline that may be air around the patient'),
      side_mm: z.number().min(0).default(20).describe('how far a lone left or right organ may lie on the other side'),
      dose_spacing_mm: z.number().positive().default(4).describe('coarsest distance of dose voxels, in mm'),
      stereotactic_fraction_gy: z
        .number()
        .positive()
        .default(5)
        .describe('from this dose of a fraction on, in Gy, the limit for stereotactic treatments counts'),
      stereotactic_dose_spacing_mm: z
        .number()
        .positive()
        .default(3)
        .describe('coarsest distance of dose voxels of stereotactic treatments, in mm'),
      target_dose_percent: percent.default(10).describe('how far D50% of a target may lie off its prescription'),
      prescription_percent: percent
        .default(10)
        .describe('how far fractions times beam doses may lie off the prescription of the plan'),
      mu_per_gy_least: z.number().min(0).default(70).describe('fewest monitor units for 1 Gy'),
      mu_per_gy_most: z.number().min(0).default(3000).describe('most monitor units for 1 Gy'),
      meterset_percent: percent
        .default(5)
        .describe('how far delivered monitor units of a fraction may lie off the plan'),
      planning_days: z.number().min(0).default(60).describe('most days between planning image and plan'),
      outlier_courses: z
        .int()
        .min(3)
        .default(10)
        .describe('structures of one name from which on outliers are looked for'),
      outlier_deviations: z
        .number()
        .positive()
        .default(5)
        .describe('robust standard deviations (1.4826 MAD) off the median of the cohort from which on a value is told'),
    })
    .prefault({}),
});

export const configSchema = z.strictObject({
  workers: auto.default('auto').describe('worker budget; auto: cores - 2, at least 4, at most 32'),
  max_workers: count
    .nullable()
    .default(null)
    .describe('upper limit of everything that is counted in workers, threads and courses at once'),
  task_timeout: seconds.default(0).describe('for stages without a limit of their own'),
  organize: organize.prefault({}),
  segmentation: segmentation.prefault({}),
  custom_models: customModels.prefault({}),
  custom_structures: content.default(null).describe('derived structures file'),
  structures: structures.prefault({}),
  ct_cropping: cropping.prefault({}),
  dvh: dvh.prefault({}),
  radiomics: radiomics.prefault({}),
  radiomics_robustness: robustness.prefault({}),
  qc: qc.prefault({}),
  aggregation: z
    .strictObject({
      threads: auto.default('auto').describe('files of courses read at once; auto: the number of cores'),
      file_timeout: seconds.default(60).describe('for one of them, in seconds; 0 means no limit'),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/** @throws BadConfig naming the key, and for an unknown key the nearest known one. */
export function parseConfig(value: unknown): Config {
  const parsed = configSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new BadConfig(`configuration: ${parsed.error.issues.map(explain).join('; ')}`);
}

function explain(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return `${path.join('.') || '(top)'}: ${issue.message}`;
  const known = knownKeys(path);
  return issue.keys
    .map((key) => `unknown key ${[...path, key].join('.')}, did you mean ${nearest(key, known)}?`)
    .join('; ');
}

/** Whether a path of the configuration is a section of keys, a value, or not in the schema. */
export function kindOfKey(path: string[]): 'section' | 'value' | 'unknown' {
  const parent = knownKeys(path.slice(0, -1));
  if (!parent.includes(path[path.length - 1])) return 'unknown';
  return knownKeys(path).length > 0 ? 'section' : 'value';
}

/** Dotted keys whose values are secrets. */
export function secretKeys(path: string[] = []): string[] {
  return knownKeys(path).flatMap((name) => {
    const here = [...path, name];
    const schema = schemaAt(here) as z.ZodType;
    return schema.meta()?.secret === true ? [here.join('.')] : secretKeys(here);
  });
}

/** Every dotted key of the schema that holds a value. */
export function dottedKeys(path: string[] = []): string[] {
  const known = knownKeys(path);
  return known.length === 0 ? [path.join('.')] : known.flatMap((name) => dottedKeys([...path, name]));
}

function knownKeys(path: string[]): string[] {
  return Object.keys(shapeOf(schemaAt(path)));
}

function schemaAt(path: string[]): unknown {
  return path.reduce<unknown>((schema, name) => shapeOf(schema)[name], configSchema);
}

function shapeOf(schema: unknown): Record<string, unknown> {
  let inner = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown } | undefined;
  while (inner && !inner.shape && inner.unwrap) inner = inner.unwrap() as typeof inner;
  return inner?.shape ?? {};
}

/** The candidate with the smallest edit distance. */
export function nearest(word: string, candidates: string[]): string {
  const scored = candidates.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  scored.sort((a, b) => a.distance - b.distance);
  return scored[0]?.candidate ?? '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
