import { createHmac, scryptSync } from 'node:crypto';
import { isDigestOfSecret } from './config/values.ts';
import { secretKeys } from './config.ts';

/**
 * A copy of a configuration for eyes other than the program's: each secret that is set gives way to a digest, so that two
 * runs can be compared and neither tells its secret.
 */
export function redacted<T>(config: T): T {
  return replaceSecrets(config, digestOf);
}

/** A copy without its secrets, which is a configuration all the same. */
export function withoutSecretValues<T>(config: T): T {
  return replaceSecrets(config, () => null);
}

/** Keys of secrets that the configuration sets. */
export function secretsSet(config: unknown): { key: string; value: string }[] {
  return secretKeys().flatMap((key) => {
    const value = key
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], config);
    return typeof value === 'string' ? [{ key, value }] : [];
  });
}

/** The text without the secrets in it: what a program prints may hold what it was given. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '(secret)')), text);
}

/** HMAC-SHA256 under a secret: 64 hexadecimal digits, as a key file holds, are the key itself; any other text is its bytes. */
export function keyedDigest(secret: string): (text: string) => Uint8Array {
  const key = /^[0-9a-f]{64}$/i.test(secret) ? Buffer.from(secret, 'hex') : Buffer.from(secret, 'utf8');
  return (text) => new Uint8Array(createHmac('sha256', key).update(text).digest());
}

type Replace = (secret: string) => string | null;

function replaceSecrets<T>(config: T, replace: Replace): T {
  return secretKeys().reduce((copy, key) => replaceAt(copy, key.split('.'), replace), config);
}

function replaceAt<T>(value: T, [name, ...rest]: string[], replace: Replace): T {
  if (name === undefined) return (typeof value === 'string' ? replace(value) : value) as T;
  if (typeof value !== 'object' || value === null || !(name in value)) return value;
  return { ...value, [name]: replaceAt((value as Record<string, unknown>)[name], rest, replace) };
}

const shown = new Map<string, string>();

/** By scrypt, which takes 50 ms: a list of words is not tried through in an afternoon. */
function digestOf(secret: string): string {
  if (isDigestOfSecret(secret)) return secret;
  const known = shown.get(secret) ?? `scrypt:${scryptSync(secret, 'rtpipeline', 6).toString('hex')}`;
  shown.set(secret, known);
  return known;
}
