import { z } from 'zod';
import { cropping } from './config/cropping.ts';
import { customModels } from './config/custom-models.ts';
import { dvh } from './config/dvh.ts';
import { organize } from './config/organize.ts';
import { qc } from './config/qc.ts';
import { radiomics } from './config/radiomics.ts';
import { robustness } from './config/robustness.ts';
import { segmentation } from './config/segmentation.ts';
import { structures } from './config/structures.ts';
import { auto, content, count, seconds } from './config/values.ts';
import { BadConfig } from './errors.ts';
import { nearest } from './nearest.ts';

/**
 * The configuration: one schema, every key with its meaning and default. Keys that RTpipeline 2 had keep their names
 * and meanings. `null` means "the product decides".
 */

export const configSchema = z.strictObject({
  workers: auto
    .default('auto')
    .describe('workers that all jobs share; auto: cores - 2, at least 4, at most 32 and the cores'),
  max_workers: count
    .nullable()
    .default(null)
    .describe('upper limit of every number of workers, threads and courses at the same time'),
  task_timeout: seconds.default(0).describe('time limit in seconds of a stage without its own limit; 0: no limit'),
  organize: organize.prefault({}),
  segmentation: segmentation.prefault({}),
  custom_models: customModels.prefault({}),
  custom_structures: content.default(null).describe('file that defines derived structures'),
  structures: structures.prefault({}),
  ct_cropping: cropping.prefault({}),
  dvh: dvh.prefault({}),
  radiomics: radiomics.prefault({}),
  radiomics_robustness: robustness.prefault({}),
  qc: qc.prefault({}),
  aggregation: z
    .strictObject({
      threads: auto.default('auto').describe('course files read at the same time; auto: the number of cores'),
      file_timeout: seconds.default(60).describe('time limit in seconds for one of these files; 0: no limit'),
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

/** Every dotted key of the schema that holds a value; a list is one. */
export function dottedKeys(path: string[] = []): string[] {
  const known = isList(schemaAt(path)) ? [] : knownKeys(path);
  return known.length === 0 ? [path.join('.')] : known.flatMap((name) => dottedKeys([...path, name]));
}

function knownKeys(path: string[]): string[] {
  return Object.keys(shapeOf(schemaAt(path)));
}

function schemaAt(path: string[]): unknown {
  return path.reduce<unknown>((schema, name) => shapeOf(schema)[name], configSchema);
}

function isList(schema: unknown): boolean {
  let inner = schema as { unwrap?: () => unknown } | undefined;
  while (inner?.unwrap && !(inner instanceof z.ZodArray)) inner = inner.unwrap() as typeof inner;
  return inner instanceof z.ZodArray;
}

function shapeOf(schema: unknown): Record<string, unknown> {
  let inner = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown } | undefined;
  while (inner && !inner.shape && inner.unwrap) inner = inner.unwrap() as typeof inner;
  return inner?.shape ?? {};
}
