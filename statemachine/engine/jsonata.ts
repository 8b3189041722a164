import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { ownKeys } from '#lib/own-keys.ts';
import { seededRandom } from '#lib/random.ts';
import { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';

/** What `$states` and the workflow variables mean to an expression. */
export interface Bindings {
  states: JsonObject;
  variables: JsonObject;
  /** Behind `$random()` without a seed. */
  random?: () => number;
}

const compiled = new Map<string, jsonata.Expression>();

/** Whether a string of the definition is an expression: `{% ... %}`. */
export function isExpression(text: string): boolean {
  return text.startsWith('{%') && text.endsWith('%}');
}

/** Compiles, so that a mistake is found when the file is loaded. @throws JSONata's error with its position */
export function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) return known;
  const expression = jsonata(text.slice(2, -2));
  if (callsEval(expression.ast())) throw new Error('$eval is not allowed in Step Functions');
  for (const [name, { run, signature }] of Object.entries(SERVICE_FUNCTIONS)) {
    expression.registerFunction(name, run as Implementation, signature);
  }
  compiled.set(text, expression);
  return expression;
}

/**
 * The template with every expression in it replaced by its value. `where` names the field for the message.
 * @throws Failure States.QueryEvaluationError if an expression fails or has no value
 */
export async function evaluate(template: Json, bindings: Bindings, where: string): Promise<Json> {
  if (typeof template === 'string') {
    return isExpression(template) ? evaluateExpression(template, bindings, where) : template;
  }
  if (Array.isArray(template)) {
    return Promise.all(template.map((item, index) => evaluate(item, bindings, `${where}[${index}]`)));
  }
  if (template === null || typeof template !== 'object') return template;
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await evaluate(value, bindings, `${where}.${key}`)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateExpression(text: string, bindings: Bindings, where: string): Promise<Json> {
  const { states, variables, random = Math.random } = bindings;
  const chance = (seed?: number) => (seed === undefined ? random() : seededRandom(seed)());
  let value: unknown;
  try {
    value = await compile(text).evaluate(undefined, { random: chance, ...variables, states });
  } catch (error) {
    throw queryError(`The JSONata expression '${text}' specified for '${where}' threw: ${(error as Error).message}`);
  }
  const json = JSON.stringify(value);
  if (json === undefined) {
    throw queryError(`The JSONata expression '${text}' specified for '${where}' returned nothing (undefined).`);
  }
  return JSON.parse(json);
}

function queryError(cause: string): Failure {
  return new Failure('States.QueryEvaluationError', cause);
}

type Implementation = Parameters<jsonata.Expression['registerFunction']>[1];

/**
 * What Step Functions adds to JSONata, beside `$random`
 * (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
 */
const SERVICE_FUNCTIONS: Record<string, { run: (...args: never[]) => unknown; signature: string }> = {
  partition: { run: partition, signature: '<an:a>' },
  range: { run: range, signature: '<nnn:a>' },
  hash: { run: hash, signature: '<ss:s>' },
  uuid: { run: () => randomUUID(), signature: '<:s>' },
  parse: { run: (text: string) => JSON.parse(text), signature: '<s:x>' },
};

function partition(items: Json[], size: number): Json[][] {
  if (!(size >= 1)) throw new Error(`$partition needs a size of at least 1, not ${size}`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** From `first` to `last`, both included, by `step`. */
function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new Error('$range needs a step that is not 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > 1000) throw new Error(`$range makes at most 1000 numbers, not ${length}`);
  return Array.from({ length }, (_, i) => first + i * step);
}

const DIGESTS: Record<string, string> = ownKeys({
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
});

function hash(text: string, algorithm: string): string {
  const digest = DIGESTS[algorithm];
  if (digest === undefined) throw new Error(`$hash knows ${Object.keys(DIGESTS).join(', ')}, not ${algorithm}`);
  return createHash(digest).update(text, 'utf8').digest('hex');
}

function callsEval(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(callsEval);
  if (typeof node !== 'object' || node === null) return false;
  const { type, value } = node as { type?: string; value?: unknown };
  return (type === 'variable' && value === 'eval') || Object.values(node).some(callsEval);
}
