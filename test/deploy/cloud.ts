import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { BatchClient, DescribeJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mapConcurrently } from '#lib/pool/concurrent.ts';

const MAIN = new URL('../../cli/main.ts', import.meta.url).pathname;

export interface Outputs {
  upload: string;
  results: string;
  machine: string;
  topic: string;
}

export interface Ended {
  name: string;
  status: string;
  error: string;
}

/** The deployed pipeline as a person sees it; the environment says where it is. */
export function deployedCloud() {
  const [formation, machines] = [new CloudFormationClient(), new SFNClient()];
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const arnOf = (machine: string, name: string) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    async outputs(stack: string): Promise<Outputs> {
      const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: stack }));
      const found = Object.fromEntries(
        (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']),
      );
      const { UploadTo, ResultsIn, StateMachine, NotificationTopic } = found;
      return { upload: UploadTo, results: ResultsIn, machine: StateMachine, topic: NotificationTopic };
    },
    async stacks(): Promise<string[]> {
      const { Stacks = [] } = await formation.send(new DescribeStacksCommand({}));
      return Stacks.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').map(
        ({ StackName = '' }) => StackName,
      );
    },
    async executions(machine: string): Promise<string[]> {
      const { executions = [] } = await machines.send(new ListExecutionsCommand({ stateMachineArn: machine }));
      return executions.map(({ name = '' }) => name);
    },
    /** Waits for an execution that is not among the known ones, and for its end. */
    async nextExecution(machine: string, known: string[], seconds: number): Promise<Ended> {
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await wait(1000)) {
        const name = (await this.executions(machine)).find((one) => !known.includes(one));
        if (name !== undefined) return this.ended(machine, name, seconds);
      }
      throw new Error(`no execution began within ${seconds} s`);
    },
    async ended(machine: string, name: string, seconds: number): Promise<Ended> {
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await wait(1000)) {
        const { status = '', error = '' } = await machines.send(
          new DescribeExecutionCommand({ executionArn: arnOf(machine, name) }),
        );
        if (status !== 'RUNNING') return { name, status, error };
      }
      throw new Error(`${name} did not end within ${seconds} s`);
    },
    /** Submits a job without a task, and waits for the reason why it failed. */
    async failedJob(jobDefinition: string, jobQueue: string): Promise<string> {
      const batch = new BatchClient();
      const given = {
        jobName: 'no-task',
        jobDefinition,
        jobQueue,
        shareIdentifier: 'check',
        parameters: { task: 'none' },
      };
      const { jobId = '' } = await batch.send(new SubmitJobCommand(given));
      for (let second = 0; second < 60; second++, await wait(1000)) {
        const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
        if (jobs[0]?.status === 'FAILED') return jobs[0].container?.reason ?? '';
      }
      throw new Error(`the job ${jobId} did not fail within 60 s`);
    },
    async redrive(machine: string, name: string): Promise<void> {
      await machines.send(new RedriveExecutionCommand({ executionArn: arnOf(machine, name) }));
    },
    async keys(uri: string): Promise<string[]> {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, placeOf(uri)))
        keys.push(...Contents.map(({ Key = '' }) => Key));
      return keys;
    },
    /** Puts the objects one by one as any client of S3 does, then the marker. */
    async put(
      folderUri: string,
      objects: Iterable<{ path: string; bytes: Uint8Array }>,
      marker: object,
    ): Promise<void> {
      const { Bucket, Prefix } = placeOf(folderUri);
      const send = (path: string, Body: Uint8Array | string) =>
        s3.send(new PutObjectCommand({ Bucket, Key: `${Prefix}/${path}`, Body }));
      await mapConcurrently([...objects], 32, async ({ path, bytes }) => void (await send(path, bytes)));
      await send('_READY.json', JSON.stringify(marker));
    },
    async json<T>(uri: string): Promise<T> {
      const { Bucket, Prefix: Key } = placeOf(uri);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '') as T;
    },
  };
}

/** Runs `rtpipeline` as a person does. */
export function rtpipeline(...args: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

function placeOf(uri: string): { Bucket: string; Prefix: string } {
  const [, Bucket, Prefix] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { Bucket, Prefix };
}
