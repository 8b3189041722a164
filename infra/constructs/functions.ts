import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_BINDINGS, STAGE_BINDINGS } from '../../statemachine/bindings.ts';
import { FUNCTION_ACCESS, STAGE_ACCESS, type StageAccess } from '../access.ts';
import type { Deployment } from '../config.ts';
import type { Storage } from '../storage-stack.ts';
import { allow, grantStage } from './policies.ts';

export interface FunctionsProps {
  /** Folder with a folder for each function. */
  bundles: string;
  deployment: Deployment;
  storage: Storage;
  logs: ILogGroup;
}

export interface FunctionOptions {
  timeout: Duration;
  environment?: Record<string, string>;
}

/** Lambda functions of this deployment, each with a role of its own. */
export class Functions extends Construct {
  readonly all: LambdaFunction[] = [];
  private readonly props: FunctionsProps;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    this.props = props;
  }

  /** A function for everything that the bindings send to Lambda; ARN by name of its placeholder. */
  ofPipeline(): Record<string, string> {
    const stages = Object.entries(STAGE_BINDINGS).filter(([, { runs }]) => runs === 'lambda');
    const bound: [placeholder: string, name: string, access: StageAccess][] = [
      ...stages.map(([placeholder, { stage }]): (typeof bound)[number] => [placeholder, stage, STAGE_ACCESS[stage]]),
      ...Object.entries(FUNCTION_BINDINGS).map(([placeholder, name]): (typeof bound)[number] => [
        placeholder,
        name,
        FUNCTION_ACCESS[name],
      ]),
    ];
    return Object.fromEntries(
      bound.map(([placeholder, name, access]) => {
        const { handler, role } = this.define(name, { timeout: Duration.minutes(15) });
        grantStage(role, access, this.props.storage);
        return [placeholder, handler.functionArn];
      }),
    );
  }

  /** The function behind `functions/<name>/index.ts`, its errors and metrics in the common log group. */
  define(name: string, { timeout, environment = {} }: FunctionOptions): { handler: LambdaFunction; role: Role } {
    const { deployment, storage, logs } = this.props;
    const role = new Role(this, `${name}Role`, {
      description: `Function ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logs.logGroupArn]);
    allow(role, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']);
    const handler = new LambdaFunction(this, name, {
      functionName: `${deployment.name}-${name}`,
      code: Code.fromAsset(join(this.props.bundles, name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: deployment.functionMemoryMiB,
      timeout,
      role: role.withoutPolicyUpdates(),
      logGroup: logs,
      tracing: Tracing.ACTIVE,
      environment: { RTPIPELINE_DEPLOYMENT: deployment.name, ...environment },
      environmentEncryption: storage.key,
      ...(deployment.reservedConcurrency > 0 && { reservedConcurrentExecutions: deployment.reservedConcurrency }),
    });
    allow(role, ['kms:Decrypt'], [storage.key.keyArn], {
      StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': this.arnOf(name) },
    });
    this.all.push(handler);
    return { handler, role };
  }

  private arnOf(name: string): string {
    return Stack.of(this).formatArn({
      service: 'lambda',
      resource: `function:${this.props.deployment.name}-${name}`,
    });
  }
}
