import { Arn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';

const OF_ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

/**
 * ARNs of the repositories that images are pulled from: those of this deployment, and those of ECR that the settings
 * `analysisImage` and `segmentationImage` name. Images of other registries need no right, but a way to the internet.
 */
export function imageRepositories(scope: Construct, deployment: Deployment, { images }: Storage): string[] {
  const elsewhere = [deployment.analysisImage, deployment.segmentationImage].flatMap((image) => {
    const [, account, region, resourceName] = OF_ECR.exec(image) ?? [];
    if (!resourceName) return [];
    return [Arn.format({ service: 'ecr', account, region, resource: 'repository', resourceName }, Stack.of(scope))];
  });
  return [...Object.values(images).map((repository) => repository.repositoryArn), ...new Set(elsewhere)];
}

/** The image of a container: of this deployment in the version of the product, or the one that the deployment names. */
export function imageOf(
  container: 'analysis' | 'segmentation',
  deployment: Deployment,
  { images }: Storage,
  version: string,
): string {
  const elsewhere = container === 'analysis' ? deployment.analysisImage : deployment.segmentationImage;
  return elsewhere || `${images[container].repositoryUri}:${deployment.imageTag || version}`;
}
