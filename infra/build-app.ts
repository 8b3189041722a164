import { join } from 'node:path';
import { App, type AppProps, type IPolicyValidationPlugin, Tags, Validations } from 'aws-cdk-lib';
import { PermissionsBoundary as Boundary, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import manifest from '../package.json' with { type: 'json' };
import { bundleFunctions } from './bundle.ts';
import { securityChecks } from './checks.ts';
import { readDeployment } from './config.ts';
import { PipelineStack } from './pipeline-stack.ts';
import { StorageStack } from './storage-stack.ts';

export interface BuiltApp {
  app: App;
  storage: StorageStack;
  pipeline: PipelineStack;
}

export interface BuildOptions {
  bundle?: (names: string[], outdir: string) => string;
  checks?: IPolicyValidationPlugin[];
}

/** Both stacks of a deployment, as the context describes it, under the rules of AwsSolutions and HIPAA. */
export function buildApp(
  props: AppProps = {},
  { bundle = bundleFunctions, checks = securityChecks() }: BuildOptions = {},
): BuiltApp {
  const app = new App(props);
  const deployment = readDeployment(app.node);
  const storage = new StorageStack(app, `${deployment.name}-storage`, deployment, {
    description: 'Radiotherapy pipeline: uploads, results, key, images',
    terminationProtection: deployment.retain,
  });
  const pipeline = new PipelineStack(app, `${deployment.name}-pipeline`, {
    description: 'Radiotherapy pipeline: state machines, functions, queues',
    deployment,
    storage,
    version: manifest.version,
    bundle: (names) => bundle(names, join(app.outdir, 'functions')),
  });
  for (const [name, value] of Object.entries({ application: deployment.name, ...deployment.tags }))
    Tags.of(app).add(name, value);
  if (deployment.permissionsBoundary) {
    const policy = ManagedPolicy.fromManagedPolicyName(pipeline, 'Boundary', deployment.permissionsBoundary);
    Boundary.of(app).apply(policy);
  }
  Validations.of(app).addPlugins(...checks);
  return { app, storage, pipeline };
}
