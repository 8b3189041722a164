import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  paginateDescribeLogStreams,
  paginateGetLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';

const MAIN = new URL('../../cli/main.ts', import.meta.url).pathname;

export interface Outputs {
  upload: string;
  results: string;
  machine: string;
}

export interface Ended {
  name: string;
  status: string;
  error: string;
}

/** The deployed pipeline as a person sees it; the environment says where it is. */
export function deployedCloud() {
  const [formation, machines, logs] = [new CloudFormationClient(), new SFNClient(), new CloudWatchLogsClient()];
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  return {
    async outputs(stack: string): Promise<Outputs> {
      const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName: stack }));
      const found = Object.fromEntries(
        (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']),
      );
      return { upload: found.UploadTo, results: found.ResultsIn, machine: found.StateMachine };
    },
    async executions(machine: string): Promise<string[]> {
      const { executions = [] } = await machines.send(new ListExecutionsCommand({ stateMachineArn: machine }));
      return executions.map(({ name = '' }) => name);
    },
    /** Waits for an execution that is not among the known ones, and for its end. */
    async nextExecution(machine: string, known: string[], seconds: number): Promise<Ended> {
      const arn = machine.replace(':stateMachine:', ':execution:');
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await wait(1000)) {
        const name = (await this.executions(machine)).find((one) => !known.includes(one));
        if (name === undefined) continue;
        const { status = '', error = '' } = await machines.send(
          new DescribeExecutionCommand({ executionArn: `${arn}:${name}` }),
        );
        if (status !== 'RUNNING') return { name, status, error };
      }
      throw new Error(`no execution ended within ${seconds} s`);
    },
    async keys(bucket: string, prefix = ''): Promise<string[]> {
      const keys: string[] = [];
      for (let token: string | undefined, more = true; more; more = token !== undefined) {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
        token = page.NextContinuationToken;
      }
      return keys;
    },
    /** Inputs, outputs and every event of the executions of these machines. */
    async histories(machineArns: string[]): Promise<string[]> {
      const texts: string[] = [];
      for (const stateMachineArn of machineArns) {
        for await (const { executions = [] } of paginateListExecutions({ client: machines }, { stateMachineArn })) {
          for (const { executionArn = '', name = '' } of executions) {
            texts.push(name);
            for await (const { events } of paginateGetExecutionHistory({ client: machines }, { executionArn }))
              texts.push(JSON.stringify(events));
          }
        }
      }
      return texts;
    },
    async logLines(logGroupName: string): Promise<string[]> {
      const lines: string[] = [];
      for await (const { logStreams = [] } of paginateDescribeLogStreams({ client: logs }, { logGroupName })) {
        for (const { logStreamName = '' } of logStreams) {
          lines.push(logStreamName);
          const config = { client: logs, stopOnSameToken: true };
          for await (const { events = [] } of paginateGetLogEvents(config, {
            logGroupName,
            logStreamName,
            startFromHead: true,
          }))
            lines.push(...events.map(({ message = '' }) => message));
        }
      }
      return lines;
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
