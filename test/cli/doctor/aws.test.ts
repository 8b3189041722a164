import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { VERSION } from '#lib/code-version.ts';
import { runCommand } from '#test/fixtures/command.ts';
import { type Answer, AwsRefusal, type LocalAws, startLocalAws } from '#test/fixtures/local-aws.ts';
import { addDoctor } from '../../../cli/commands/doctor.ts';
import { awsChecks } from '../../../cli/doctor/aws.ts';
import type { Check } from '../../../cli/doctor/check.ts';

/** An account in which everything is as it should be, in the shapes that AWS answers with. */
const HEALTHY: Record<string, Answer> = {
  GetCallerIdentity: () =>
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ann</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  DescribeStacks: ({ StackName }) =>
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${StackName}</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs><member><OutputKey>UploadTo</OutputKey><OutputValue>s3://uploads</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  GetServiceQuota: ({ QuotaCode }) => ({ Quota: { QuotaCode, Value: 32 } }),
  GetBucketNotificationConfiguration: () =>
    '<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>',
  DescribeImages: ({ imageIds }) => {
    const [{ imageTag }] = imageIds as { imageTag: string }[];
    return { imageDetails: imageTag === VERSION ? [{ imageDigest: 'sha256:abc' }] : [] };
  },
  describejobqueues: ({ nextToken }) =>
    nextToken
      ? { jobQueues: [queue('segmentation-spot', 'gpu')] }
      : { jobQueues: [queue('analysis-spot', 'cpu'), { ...queue('x', 'cpu'), jobQueueName: 'other' }], nextToken: '2' },
  describecomputeenvironments: () => ({
    computeEnvironments: ['cpu', 'gpu'].map((name) => ({ computeEnvironmentArn: name, status: 'VALID' })),
  }),
  listjobs: () => ({ jobSummaryList: [] }),
};

const answers: Record<string, Answer> = {};
let aws: LocalAws;

before(async () => {
  aws = await startLocalAws(answers);
});
after(() => aws.close());
beforeEach(() => Object.assign(answers, HEALTHY));

function queue(name: string, hosts: string, state = 'ENABLED') {
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment: hosts }];
  return { jobQueueName: `rtpipeline-${name}`, state, status: 'VALID', computeEnvironmentOrder };
}

async function found(what: string): Promise<[Check['verdict'], string][]> {
  return (await awsChecks()).filter((check) => check.what === what).map(({ verdict, message }) => [verdict, message]);
}

function job(jobId: string, statusReason?: string) {
  return { jobId, jobName: jobId, statusReason };
}

test('doctor reports a healthy account as ok and ignores queues of other deployments', async () => {
  const checks = await awsChecks();
  assert.deepEqual(
    checks.filter(({ verdict }) => verdict !== 'ok'),
    [],
  );
  const queues = checks.filter(({ what }) => what === 'queues').map(({ message }) => message);
  assert.deepEqual(queues, [
    'rtpipeline-analysis-spot: ENABLED, VALID',
    'rtpipeline-segmentation-spot: ENABLED, VALID',
  ]);
  const { output, exitCode } = await runCommand(addDoctor, 'doctor', '--aws');
  assert.equal(exitCode, 0);
  assert.match(output, /^ok +identity +arn:aws:iam::111122223333:user\/ann in account 111122223333$/m);
});

const quotaOf = async (code: string) => (await found('quotas')).find(([, message]) => message.includes(code));

test('an account without GPU quota: doctor names the quota to request and exits with an error', async () => {
  answers.GetServiceQuota = ({ QuotaCode, ServiceCode }) => {
    if (ServiceCode === 'ec2')
      return { Quota: { Value: ['L-DB2E81BA', 'L-3819A6DF'].includes(String(QuotaCode)) ? 0 : 32 } };
    throw new AwsRefusal('NoSuchResourceException', 'never changed');
  };
  answers.GetAWSDefaultServiceQuota = () => ({ Quota: { Value: 10 } });
  const [onDemand, spot, ...others] = await found('quotas');
  assert.deepEqual([onDemand[0], spot[0], others.map(([verdict]) => verdict)], ['bad', 'bad', Array(5).fill('ok')]);
  assert.match(onDemand[1], /0 CPUs of G hosts, 0 GPUs at once; runs skip segmentation .*L-DB2E81BA/);
  assert.match(spot[1], /L-3819A6DF/);
  assert.deepEqual(others.at(-1), ['ok', '10 functions at once']);
  assert.equal((await runCommand(addDoctor, 'doctor', '--aws', '--json')).exitCode, 2);
});

test('a missing quota for one market is reported, and so is an unreadable quota', async () => {
  answers.GetServiceQuota = ({ QuotaCode }) => {
    if (QuotaCode === 'L-3032A538') throw new AwsRefusal('AccessDeniedException', 'not yours');
    return { Quota: { Value: QuotaCode === 'L-3819A6DF' ? 0 : 32 } };
  };
  assert.match((await quotaOf('L-3819A6DF'))?.join() ?? '', /^missing,spot: 0 .*jobs find hosts on demand alone/);
  assert.match((await quotaOf('not yours'))?.join() ?? '', /^missing,cannot be read: AccessDeniedException/);
});

test('a quota is stated in GPUs, at eight CPUs per host', async () => {
  for (const [value, gpus] of [
    [4, 0],
    [8, 1],
    [31, 3],
  ]) {
    answers.GetServiceQuota = () => ({ Quota: { Value: value } });
    assert.match((await found('quotas'))[0][1], new RegExp(`${value} CPUs of G hosts, ${gpus} GPUs`));
  }
});

test('a missing image is reported with its tag', async () => {
  answers.DescribeImages = ({ repositoryName }) => {
    if (repositoryName === 'rtpipeline/segmentation') throw new AwsRefusal('ImageNotFoundException', 'no such tag');
    return { imageDetails: [{ imageDigest: 'sha256:abc' }] };
  };
  const [analysis, segmentation] = await found('images');
  assert.deepEqual(analysis, ['ok', `rtpipeline/analysis:${VERSION}, sha256:abc`]);
  assert.deepEqual(segmentation, ['bad', `rtpipeline/segmentation:${VERSION} is missing: build and push it`]);
});

test('a bucket for uploads that sends no events to EventBridge is reported, with the command that changes it', async () => {
  assert.deepEqual(await found('uploads'), [['ok', 's3://uploads sends its events to EventBridge']]);
  answers.GetBucketNotificationConfiguration = ({ Bucket }) => {
    assert.equal(Bucket, 'uploads');
    return '<NotificationConfiguration><QueueConfiguration><Queue>arn</Queue></QueueConfiguration></NotificationConfiguration>';
  };
  const [[verdict, message]] = await found('uploads');
  assert.equal(verdict, 'bad');
  assert.match(message, /no upload starts a run.*put-bucket-notification-configuration --bucket uploads /);
  answers.GetBucketNotificationConfiguration = () => {
    throw new AwsRefusal('AccessDenied', 'not yours');
  };
  assert.deepEqual(await found('uploads'), [['bad', 'AccessDenied: not yours']]);
});

test('a missing or broken stack is reported', async () => {
  answers.DescribeStacks = ({ StackName }) => {
    if (StackName === 'rtpipeline-pipeline')
      throw new AwsRefusal('ValidationError', `Stack with id ${StackName} does not exist`);
    return String(HEALTHY.DescribeStacks({ StackName })).replace('UPDATE_COMPLETE', 'ROLLBACK_FAILED');
  };
  assert.deepEqual(await found('stacks'), [
    ['bad', 'rtpipeline-storage: ROLLBACK_FAILED'],
    ['bad', 'rtpipeline-pipeline is not deployed: run `cdk deploy --all`'],
  ]);
});

test('a disabled queue and hosts that cannot start are reported with the reason', async () => {
  answers.describejobqueues = () => ({
    jobQueues: [queue('analysis-spot', 'cpu', 'DISABLED'), queue('segmentation-spot', 'gpu')],
  });
  answers.describecomputeenvironments = () => ({
    computeEnvironments: [
      { computeEnvironmentArn: 'gpu', status: 'INVALID', statusReason: 'CLIENT_ERROR - no subnet' },
    ],
  });
  assert.deepEqual(await found('queues'), [
    ['bad', 'rtpipeline-analysis-spot: DISABLED, VALID'],
    ['bad', 'rtpipeline-segmentation-spot: ENABLED, VALID; its hosts: CLIENT_ERROR - no subnet'],
  ]);
});

test('jobs stuck in RUNNABLE are counted over all pages, with the reason from Batch and a remedy', async () => {
  const cases: [reason: string | undefined, told: RegExp][] = [
    [
      'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [g6.2xlarge]',
      /g6\.2xlarge\] \(AWS has no free host of this kind now/,
    ],
    [
      'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.',
      /raise analysisVcpus, longVcpus or segmentationVcpus/,
    ],
    [
      'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.',
      /set larger segmentationHosts or longHosts/,
    ],
    ['UNDETERMINED - Batch job is blocked, root cause is undetermined.', /UNDETERMINED - Batch job is blocked/],
    [undefined, /no reason yet: hosts may be starting, or a host quota/],
  ];
  for (const [reason, told] of cases) {
    answers.listjobs = ({ jobQueue, nextToken }) => {
      if (jobQueue !== 'rtpipeline-segmentation-spot') return { jobSummaryList: [] };
      return nextToken ? { jobSummaryList: [job('c')] } : { jobSummaryList: [job('a'), job('b')], nextToken: '2' };
    };
    answers.describejobs = () => ({ jobs: [job('a', reason), job('b'), job('c')] });
    const [[verdict, message], ...more] = await found('waiting jobs');
    assert.equal(verdict, 'missing');
    assert.match(message, /^rtpipeline-segmentation-spot: 3 RUNNABLE; /);
    assert.match(message, told);
    assert.equal(more.length, 0);
  }
});

test('without credentials nothing else is requested; a denied request is reported as denied', async () => {
  delete answers.DescribeImages;
  const [[verdict, message]] = await found('images');
  assert.equal(verdict, 'bad');
  assert.match(message, /AccessDenied/);
  answers.GetCallerIdentity = () => {
    throw new AwsRefusal('ExpiredToken', 'the token is expired');
  };
  aws.calls.length = 0;
  assert.deepEqual(
    (await awsChecks()).map(({ what, verdict: one }) => [what, one]),
    [['identity', 'bad']],
  );
  assert.deepEqual(aws.calls, ['GetCallerIdentity']);
});
