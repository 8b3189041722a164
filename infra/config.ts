import { z } from 'zod';

/** A list in cdk.json, or text with commas from the command line. */
const listOf = (each: RegExp, least = 1) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.replace(/[[\]"\s]/g, '').split(',') : value),
    z.array(z.string().regex(each)).min(least),
  );
const instanceTypes = listOf(/^[a-z0-9-]+\.[a-z0-9]+$/);

/** Names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/;

/**
 * What a deployment may decide, with the default of each. Given as context: `"rtpipeline": { "network": "nat" }` in
 * cdk.json or cdk.context.json, or `-c rtpipeline.network=nat`. Nothing else in infra/ depends on the account.
 */
export const deploymentSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/)
    .default('rtpipeline')
    .describe('prefix of the names of stacks, state machines, job definitions and log groups'),
  network: z
    .enum(['isolated', 'nat', 'public'])
    .default('isolated')
    .describe(
      'isolated: jobs cannot reach the internet, and interface endpoints cost about 44 $ a month per zone; nat: jobs use a NAT gateway, for 33 $ a month and traffic; public: jobs run in public subnets at no cost, with public addresses and no open port',
    ),
  cidr: z.cidrv4().default('10.42.0.0/16').describe('addresses of the new network, /16 to /18'),
  vpc: z
    .string()
    .regex(/^(vpc-[0-9a-f]+)?$/)
    .default('')
    .describe(
      'existing network for jobs, together with `subnets`; you then provide routes, endpoints and flow logs; empty: a new network',
    ),
  subnets: listOf(/^subnet-[0-9a-f]+$/, 0)
    .default([])
    .describe('subnets of `vpc` for jobs, from which S3, ECR, ECS and CloudWatch Logs can be reached'),
  uploadBucket: z
    .string()
    .regex(BUCKET_NAME)
    .default('')
    .describe('bucket of your own for uploads, with `resultsBucket` and `key`; empty: one is made'),
  resultsBucket: z
    .string()
    .regex(BUCKET_NAME)
    .default('')
    .describe('bucket of your own for results, with `uploadBucket` and `key`; empty: one is made'),
  key: z
    .string()
    .regex(/^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+)?$/)
    .default('')
    .describe('ARN of a KMS key of your own, which encrypts everything; empty: one is made'),
  zones: z.coerce
    .number()
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe('number of availability zones; more zones find spot hosts sooner'),
  endpointZones: z.coerce
    .number()
    .int()
    .min(1)
    .max(3)
    .default(1)
    .describe(
      'of the network `isolated`: zones with endpoints, which jobs in all zones use; with one, no job starts while that zone is out of order',
    ),
  imageTag: z
    .string()
    .default('')
    .describe('tag of both images in the repositories; empty: the version of the product'),
  build: z
    .stringbool()
    .or(z.boolean())
    .default(false)
    .describe('a project of CodeBuild builds the images in the account, when the output `BuildImages` is run'),
  analysisImage: z
    .string()
    .default('')
    .describe('image of the CPU jobs in another repository, preferably with its digest'),
  segmentationImage: z
    .string()
    .default('')
    .describe('image of the GPU jobs in another repository, preferably with its digest'),
  imageWeights: listOf(/^[a-z0-9_]+$/)
    .default(['total', 'total_fast', 'total_mr', 'total_fast_mr'])
    .describe(
      'tasks of TotalSegmentator whose weights are in the segmentation image (its build argument WEIGHTS); a run that needs other weights is rejected unless they are published',
    ),
  analysisVcpus: z.coerce.number().int().default(256).describe('maximum vCPUs of all running CPU jobs, per market'),
  longVcpus: z.coerce.number().int().default(128).describe('maximum vCPUs of all running robustness jobs, per market'),
  segmentationVcpus: z.coerce
    .number()
    .int()
    .default(64)
    .describe('maximum vCPUs of all GPU hosts, per market; 8 vCPUs are one GPU'),
  segmentationHosts: instanceTypes
    .default(['g6.2xlarge', 'g5.2xlarge', 'g6.4xlarge', 'g5.4xlarge'])
    .describe('host types with 24 GB GPUs; more families mean fewer interruptions'),
  largeSegmentationHosts: instanceTypes
    .default(['g6e.2xlarge', 'g6e.4xlarge'])
    .describe('host types with 48 GB GPUs, for images that need more than 24 GB'),
  longHosts: instanceTypes
    .default(['c7i.4xlarge', 'c7a.4xlarge', 'm7i.4xlarge', 'm7a.4xlarge', 'r7i.4xlarge', 'r7a.4xlarge'])
    .describe('host types for robustness jobs, which take hours'),
  courseConcurrency: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe(
      'number of courses that run at the same time, about six for each GPU; their jobs are spread to stay below the 50 submissions per second of Batch',
    ),
  catalogObjects: z.coerce
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(20_000)
    .describe('objects of an upload that one function catalogs; a larger upload is divided among several functions'),
  catalogConcurrency: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe(
      'functions that catalog a large upload at the same time; a new account runs at most ten functions in total',
    ),
  mostCourses: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('maximum courses of a run; a larger run ends before its first job; 0: no limit'),
  mostDollars: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe(
      '$ that a run may cost by the high case of `rtpipeline estimate`; a run that may cost more ends before its first job; 0: no limit',
    ),
  toleratedFailurePercentage: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(100)
    .describe(
      'percentage of courses that may fail before their jobs are sized; above it the run fails; failed stages do not count',
    ),
  functionMemoryMiB: z.coerce
    .number()
    .int()
    .min(512)
    .max(10_240)
    .default(3008)
    .describe('memory of the functions; a new account allows at most 3008'),
  reservedConcurrency: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('concurrent executions reserved for each function; 0: none, since a new account has only ten in total'),
  dropboxMinutes: z.coerce
    .number()
    .int()
    .min(0)
    .max(1440)
    .default(0)
    .describe(
      'a folder under dropbox/ counts as complete after this time without new files, for senders that cannot write a marker; 0: off',
    ),
  receiverSenders: listOf(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 0)
    .default([])
    .describe('addresses (CIDR) that may send to a C-STORE receiver, which then always runs; none: no receiver'),
  receiverTitle: z
    .string()
    .regex(/^[\x21-\x7e]{1,16}$/)
    .default('RTPIPE')
    .describe('application entity title of the receiver'),
  receiverCallers: listOf(/^[\x21-\x7e]{1,16}$/, 0)
    .default([])
    .describe('application entity titles that may send to the receiver; none: any title'),
  receiverQuietMinutes: z.coerce
    .number()
    .int()
    .min(3)
    .max(1440)
    .default(10)
    .describe('a patient counts as complete after this time without new instances'),
  receiverCertificate: z
    .string()
    .regex(/^(arn:aws[a-z-]*:acm:.+)?$/)
    .default('')
    .describe('ACM certificate; senders then connect only by TLS, to port 2762; empty: without TLS, to port 11112'),
  notificationEmail: z.string().default('').describe('mail address for news of finished, failed and rejected runs'),
  monthlyBudget: z.coerce
    .number()
    .min(0)
    .default(0)
    .describe('$ a month; `notificationEmail` hears when 80 % are spent or more is to be expected; 0: no budget'),
  queryGib: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('GiB that one query of Athena may read before it is cancelled: 10 cost 0.05 $'),
  logDays: z.coerce
    .number()
    .int()
    .default(365)
    .describe('days that logs are kept; CloudWatch accepts only certain numbers'),
  uploadDays: z.coerce.number().int().min(0).default(0).describe('days until uploads are deleted; 0: never'),
  noncurrentDays: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('days that overwritten and deleted objects are kept'),
  runnableMinutes: z.coerce
    .number()
    .int()
    .min(10)
    .default(60)
    .describe(
      'a job at the head of a blocked queue is cancelled after this time; it then runs in another queue, or fails with the reason',
    ),
  tags: z
    .preprocess(
      (value) =>
        typeof value === 'string' ? Object.fromEntries(value.split(',').map((pair) => pair.split(/=(.*)/s, 2))) : value,
      z.record(z.string().min(1), z.string()),
    )
    .default({})
    .describe('tags for all resources, such as `cost-centre=42,owner=physics`'),
  permissionsBoundary: z.string().default('').describe('name of a managed policy that limits every role'),
  retain: z
    .stringbool()
    .or(z.boolean())
    .default(true)
    .describe('keep buckets, key, images and logs when the stacks are deleted'),
});
export type Deployment = z.infer<typeof deploymentSchema>;

interface Context {
  tryGetContext(key: string): unknown;
}

/** @throws ZodError naming the field, Error for a network or buckets of one's own that are named by half */
export function readDeployment(context: Context): Deployment {
  const single = Object.keys(deploymentSchema.shape).flatMap((name) => {
    const value = context.tryGetContext(`rtpipeline.${name}`);
    return value === undefined ? [] : [[name, value]];
  });
  const block = (context.tryGetContext('rtpipeline') ?? {}) as object;
  const deployment = deploymentSchema.parse({ ...block, ...Object.fromEntries(single) });
  if ((deployment.vpc === '') !== (deployment.subnets.length === 0))
    throw new Error('set both rtpipeline.vpc and rtpipeline.subnets, or neither');
  const { uploadBucket, resultsBucket, key } = deployment;
  if ((uploadBucket === '') !== (resultsBucket === '') || (uploadBucket !== '' && key === ''))
    throw new Error(
      'set rtpipeline.uploadBucket, rtpipeline.resultsBucket and rtpipeline.key, or leave out both buckets',
    );
  if (uploadBucket !== '' && uploadBucket === resultsBucket)
    throw new Error(
      'rtpipeline.uploadBucket and rtpipeline.resultsBucket must be two buckets: people who read results may not read uploads',
    );
  if (deployment.endpointZones > deployment.zones)
    throw new Error('rtpipeline.endpointZones cannot be more than rtpipeline.zones');
  if (deployment.monthlyBudget > 0 && !deployment.notificationEmail)
    throw new Error('rtpipeline.monthlyBudget needs rtpipeline.notificationEmail, the address for its alarms');
  return deployment;
}
