import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { VERSION } from '#lib/code-version.ts';
import type { Check } from './check.ts';
import { queues, waitingJobs } from './queues.ts';
import { quotaChecks } from './quotas.ts';
import { uploadEvents } from './uploads.ts';

/** Looks at an account and a deployment as far as it may; what it may not see is a finding too. */
export async function awsChecks(deployment = 'rtpipeline'): Promise<Check[]> {
  const looks: [check: string, look: () => Promise<Check[]>][] = [
    ['identity', identity],
    ['stacks', () => stacks(deployment)],
    ['quotas', quotaChecks],
    ['images', () => images(deployment)],
    ['uploads', () => uploadEvents(deployment)],
    ['queues', () => queues(deployment)],
    ['waiting jobs', () => waitingJobs(deployment)],
  ];
  const findings: Check[] = [];
  for (const [check, look] of looks) {
    const found = await look().catch((error: Error) => [
      { what: check, verdict: 'bad' as const, message: `${error.name}: ${error.message}` },
    ]);
    findings.push(...found);
    if (check === 'identity' && found[0].verdict === 'bad') break;
  }
  return findings;
}

async function identity(): Promise<Check[]> {
  const { Arn, Account } = await new STSClient().send(new GetCallerIdentityCommand({}));
  return [{ what: 'identity', verdict: 'ok', message: `${Arn} in account ${Account}` }];
}

async function stacks(deployment: string): Promise<Check[]> {
  const client = new CloudFormationClient();
  const names = ['storage', 'pipeline'].map((part) => `${deployment}-${part}`);
  return Promise.all(
    names.map(async (StackName): Promise<Check> => {
      const answer = await client.send(new DescribeStacksCommand({ StackName })).catch(absent(/does not exist/));
      const status = answer?.Stacks?.[0]?.StackStatus;
      if (!status)
        return { what: 'stacks', verdict: 'bad', message: `${StackName} is not deployed: run \`cdk deploy --all\`` };
      const verdict = /^(CREATE|UPDATE)_COMPLETE$/.test(status) ? 'ok' : 'bad';
      return { what: 'stacks', verdict, message: `${StackName}: ${status}` };
    }),
  );
}

async function images(deployment: string): Promise<Check[]> {
  const client = new ECRClient();
  return Promise.all(
    ['analysis', 'segmentation'].map(async (name): Promise<Check> => {
      const repositoryName = `${deployment}/${name}`;
      const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: VERSION }] });
      const answer = await client.send(command).catch(absent(/ImageNotFound|RepositoryNotFound/));
      const found = answer?.imageDetails?.[0];
      if (found)
        return { what: 'images', verdict: 'ok', message: `${repositoryName}:${VERSION}, ${found.imageDigest}` };
      return {
        what: 'images',
        verdict: 'bad',
        message: `${repositoryName}:${VERSION} is missing: build and push it`,
      };
    }),
  );
}

/** Takes an error that says a thing is not there; that one may not look is another matter. */
function absent(said: RegExp): (error: Error) => undefined {
  return (error) => {
    if (!said.test(`${error.name}: ${error.message}`)) throw error;
    return undefined;
  };
}
