import { BadInput } from '../errors.ts';
import { type Identity, identityOf, textOf } from '../received/identity.ts';
import { type Dialect, dialectOf } from './dialect.ts';

/** Where a DICOMweb service is, and how it knows us. */
export interface Place extends Identity {
  /** Base of the service, without a slash at its end. */
  url: URL;
  /** The header `Authorization`. */
  authorization?: string;
  dialect: Dialect;
}

const SCHEME = 'dicomweb:';

/** Variables that say how the service knows us. Each may name a file instead: `..._FILE`. */
export const VARIABLES = {
  token: 'RTPIPELINE_DICOMWEB_TOKEN',
  user: 'RTPIPELINE_DICOMWEB_USER',
  password: 'RTPIPELINE_DICOMWEB_PASSWORD',
  certificate: 'RTPIPELINE_DICOMWEB_CERT_FILE',
  key: 'RTPIPELINE_DICOMWEB_KEY_FILE',
  authority: 'RTPIPELINE_DICOMWEB_CA_FILE',
} as const;

export function isDicomweb(location: string): boolean {
  return location.startsWith(SCHEME);
}

/**
 * The service that `dicomweb:https://host/path` names. Secrets come from the environment or from files it names, never from
 * the command line, which every user of the machine can read.
 * @throws BadInput
 */
export function placeOf(location: string, environment: NodeJS.ProcessEnv): Place {
  const url = urlOf(location.slice(SCHEME.length));
  const secret = (name: string) => secretOf(name, environment);
  const authorization = authorizationOf(secret(VARIABLES.token), secret(VARIABLES.user), secret(VARIABLES.password));
  return {
    url,
    authorization,
    dialect: dialectOf(url),
    ...identityOf(environment, VARIABLES),
  };
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new BadInput('not the address of a DICOMweb service: give dicomweb:https://host/path');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BadInput(`a DICOMweb service is reached by http or https, not by ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new BadInput(
      `the address must not contain user or password: set ${VARIABLES.user} and ${VARIABLES.password}`,
    );
  if (url.search !== '' || url.hash !== '') throw new BadInput('the address must not contain a query: use --query');
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '');
  return url;
}

function authorizationOf(token?: string, user?: string, password?: string): string | undefined {
  if (token !== undefined && user !== undefined)
    throw new BadInput(`set either ${VARIABLES.token} or ${VARIABLES.user}, not both`);
  if (token !== undefined) return `Bearer ${token}`;
  if (user === undefined) return undefined;
  return `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
}

function secretOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  if (environment[name]) return environment[name];
  const file = environment[`${name}_FILE`];
  return file ? textOf(file, `${name}_FILE`).trim() : undefined;
}
