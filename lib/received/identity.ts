import { readFileSync } from 'node:fs';
import { BadInput } from '../errors.ts';

/** What we show on a TLS connection and whom we trust: PEM texts. */
export interface Identity {
  certificate?: string;
  /** Of the certificate. */
  key?: string;
  /** Anyone with a certificate of this authority is trusted. */
  authority?: string;
}

/** Names of the variables of the environment that name the files. */
export type IdentityVariables = Record<keyof Identity, string>;

/** @throws BadInput when a file cannot be read, or a certificate lacks its key */
export function identityOf(environment: NodeJS.ProcessEnv, variables: IdentityVariables): Identity {
  const file = (name: string) => (environment[name] ? textOf(environment[name], name) : undefined);
  const certificate = file(variables.certificate);
  const key = file(variables.key);
  if ((certificate === undefined) !== (key === undefined))
    throw new BadInput(`a certificate needs both ${variables.certificate} and ${variables.key}`);
  return { certificate, key, authority: file(variables.authority) };
}

/** The text of a file that a variable names. @throws BadInput */
export function textOf(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BadInput(`the file that ${variable} names cannot be read`, { where: path, cause });
  }
}
