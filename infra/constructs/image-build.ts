import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack, Stage } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { Deployment } from '../config.ts';
import { IMAGES, imageName, pushSteps } from '../images/steps.ts';
import type { Storage } from '../storage-stack.ts';
import { allow } from './policies.ts';

export interface ImageBuildProps {
  deployment: Deployment;
  storage: Storage;
  logs: ILogGroup;
  version: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of CodeBuild, with Docker: https://docs.aws.amazon.com/codebuild/latest/userguide/available-runtimes.html */
const BUILD_IMAGE = 'aws/codebuild/amazonlinux-x86_64-standard:5.0';
/** The weights alone take a while. */
const MOST_MINUTES = 120;

/** Builds both images in the account, for those who have no Docker. Nothing is built until somebody starts it. */
export class ImageBuild extends Construct {
  readonly projectName: string;

  constructor(scope: Construct, id: string, { deployment, storage, logs, version }: ImageBuildProps) {
    super(scope, id);
    this.projectName = `${deployment.name}-images`;
    const source = new Asset(this, 'Source', { path: sourceFolder(Stage.of(this)?.outdir ?? '') });
    const role = this.role(storage, logs, source);
    const { account, region, urlSuffix } = Stack.of(this);
    const variables = {
      REGISTRY: `${account}.dkr.ecr.${region}.${urlSuffix}`,
      WEIGHTS: deployment.imageWeights.join(' '),
    };
    new CfnProject(this, 'Project', {
      name: this.projectName,
      description: 'Builds the images of the jobs and pushes those that are not there yet',
      serviceRole: role.roleArn,
      encryptionKey: storage.key.keyArn,
      timeoutInMinutes: MOST_MINUTES,
      concurrentBuildLimit: 1,
      artifacts: { type: 'NO_ARTIFACTS' },
      source: {
        type: 'S3',
        location: `${source.s3BucketName}/${source.s3ObjectKey}`,
        buildSpec: buildSpec(deployment.name, deployment.imageTag || version),
      },
      environment: {
        type: 'LINUX_CONTAINER',
        // 15 GB of memory and 128 GB of disk: the image of segmentation with its layers needs more than the smaller sizes have.
        computeType: 'BUILD_GENERAL1_LARGE',
        image: BUILD_IMAGE,
        privilegedMode: true,
        environmentVariables: Object.entries(variables).map(([name, value]) => ({ name, value })),
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
    }).node.addDependency(role);
  }

  /** Reads the source, pushes into the two repositories, and nothing else. */
  private role({ images }: Storage, logs: ILogGroup, source: Asset): Role {
    const role = new Role(this, 'Role', {
      description: 'Build of the images',
      assumedBy: new ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    allow(role, ['s3:GetObject', 's3:GetObjectVersion'], [source.bucket.arnForObjects(source.s3ObjectKey)]);
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]);
    allow(role, ['ecr:GetAuthorizationToken'], ['*']);
    allow(
      role,
      [
        ...['DescribeImages', 'BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'BatchGetImage'],
        ...['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'],
      ].map((call) => `ecr:${call}`),
      Object.values(images).map(({ repositoryArn }) => repositoryArn),
    );
    return role;
  }
}

/** What a build on a laptop sees of the repository, in a folder of its own: CDK would look through all others too. */
function sourceFolder(outdir: string): string {
  const folder = join(outdir, 'image-source');
  const taken = readFileSync(join(ROOT, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm);
  for (const [, name] of taken) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return folder;
}

/** What CodeBuild runs: the steps of a push from a laptop, for each image that is not there, as tags cannot be overwritten. */
export function buildSpec(deployment: string, version: string): string {
  const registry = { host: '$REGISTRY', deployment, version };
  const commands = IMAGES.map((image) => {
    const isThere = `aws ecr describe-images --repository-name ${deployment}/${image} --image-ids imageTag=${version}`;
    const weights = image === 'segmentation' ? ['--build-arg', '"WEIGHTS=$WEIGHTS"'] : [];
    const steps = pushSteps(registry, [image]).map(([command, ...args]) =>
      ['docker', command, ...(command === 'build' ? weights : []), ...args].join(' '),
    );
    return `if ${isThere} > /dev/null; then echo "${imageName(registry, image)} is there already"; else ${steps.join(' && ')}; fi`;
  });
  return JSON.stringify({
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      pre_build: {
        'on-failure': 'ABORT',
        commands: ['aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"'],
      },
      build: { 'on-failure': 'ABORT', commands },
    },
  });
}
