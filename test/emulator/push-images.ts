import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { IMAGES } from '../../infra/images/steps.ts';
import manifest from '../../package.json' with { type: 'json' };

/**
 * What `npm run images:push` does on AWS: both images are in the repositories of the deployment, under the version of the product.
 * The emulator asks only whether they are there; its jobs run from copies that it unpacks itself.
 */
export async function pushImages(): Promise<void> {
  const client = new ECRClient();
  for (const image of IMAGES) {
    const push = new PutImageCommand({
      repositoryName: `rtpipeline/${image}`,
      imageTag: manifest.version,
      imageManifest: JSON.stringify({ schemaVersion: 2, annotations: { image } }),
    });
    await client.send(push).catch((error: Error) => {
      if (error.name !== 'ImageTagAlreadyExistsException') throw error;
    });
  }
}
