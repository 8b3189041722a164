import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DescribeImagesCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import manifest from '../../package.json' with { type: 'json' };
import { IMAGES, type ImageRegistry, imageName, pushSteps } from './steps.ts';

/**
 * `npm run images:push`: builds both images with Docker and pushes them into the repositories of the storage stack, under the
 * version of the product. One that lies there already is left: tags cannot be overwritten. Credentials and region as the AWS
 * SDK finds them; `RTPIPELINE_DEPLOYMENT` names another deployment.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const client = new ECRClient();
const { host, password } = await login();
const registry: ImageRegistry = {
  host,
  deployment: process.env.RTPIPELINE_DEPLOYMENT ?? 'rtpipeline',
  version: manifest.version,
};
const missing: (typeof IMAGES)[number][] = [];
for (const image of IMAGES) {
  if (await isThere(image)) console.log(`${imageName(registry, image)} is there already`);
  else missing.push(image);
}
if (missing.length > 0) {
  // By standard input: what is an argument is seen by every program of the machine.
  docker(['login', '--username', 'AWS', '--password-stdin', host], password);
  for (const args of pushSteps(registry, missing)) docker(args);
}

async function login(): Promise<{ host: string; password: string }> {
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const [{ proxyEndpoint = '', authorizationToken = '' } = {}] = authorizationData;
  const [, secret] = Buffer.from(authorizationToken, 'base64').toString().split(/:(.*)/s);
  return { host: proxyEndpoint.replace(/^https:\/\//, ''), password: secret };
}

/** @throws Error where the storage stack is not deployed yet */
async function isThere(image: (typeof IMAGES)[number]): Promise<boolean> {
  const repositoryName = `${registry.deployment}/${image}`;
  try {
    await client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: registry.version }] }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'ImageNotFoundException') return false;
    if ((error as Error).name !== 'RepositoryNotFoundException') throw error;
    throw new Error(`no repository ${repositoryName}: deploy ${registry.deployment}-storage first`);
  }
}

function docker(args: string[], input?: string): void {
  execFileSync('docker', args, {
    cwd: ROOT,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'],
    input,
  });
}
