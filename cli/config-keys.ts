import { z } from 'zod';
import { configSchema } from '#lib/config.ts';
import { ownKeys } from '#lib/own-keys.ts';

/** A key of the configuration, as its schema describes it. */
export interface ConfigKey {
  /** Dotted: `segmentation.workers`. */
  key: string;
  /** Kind of value, in words. */
  type: string;
  default: unknown;
  description: string;
}

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  default?: unknown;
  description?: string;
}

/** All keys in the order of the schema. */
export function configKeys(): ConfigKey[] {
  return keysBelow(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, []);
}

function keysBelow({ properties = {} }: Schema, path: string[]): ConfigKey[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const here = [...path, name];
    if (schema.properties) return keysBelow(schema, here);
    const { description = '' } = schema;
    return [{ key: here.join('.'), type: typeOf(schema), default: schema.default, description }];
  });
}

function typeOf({ type, anyOf, enum: values, const: only, items }: Schema): string {
  if (only !== undefined) return String(only);
  if (values) return values.join(', ');
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (type === 'array') return items && Object.keys(items).length > 0 ? `list of ${typeOf(items)}` : 'list';
  return [type ?? '']
    .flat()
    .map((name) => WORDS[name] ?? 'any value')
    .join(' or ');
}

const WORDS: Record<string, string> = ownKeys({
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  object: 'map',
  null: 'null',
});
