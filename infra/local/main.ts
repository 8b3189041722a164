import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import { readDeployment } from '../config.ts';
import { demo } from './demo.ts';
import {
  CONTAINER,
  LOCALSTACK_COMMANDS,
  LOCALSTACK_SETTINGS,
  type LocalStackCommand,
  localStackMissing,
  runSteps,
  stepsOf,
} from './localstack.ts';

/**
 * `npm run localstack:up|deploy|demo|down`: the deployment on LocalStack, which needs Docker and a token. Without them the command
 * checks the settings and says what it would run.
 */
const PORT = Number(process.env.LOCALSTACK_PORT ?? 4566);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_SECONDS = 120;

const command = LOCALSTACK_COMMANDS.find((name) => name === process.argv[2]);
const missing = localStackMissing();
if (!command) {
  console.error(`Command ${process.argv[2]} does not exist; use ${LOCALSTACK_COMMANDS.join(', ')}`);
  process.exitCode = 2;
} else if (missing) {
  console.error(missing);
  tell(command);
  process.exitCode = 2;
} else await run(command);

async function run(name: LocalStackCommand): Promise<void> {
  runSteps(stepsOf(name, PORT), PORT);
  if (name === 'up') await answers();
  if (name === 'demo') await demo(PORT, ROOT);
}

/** The dry run. @throws BadInput when a setting is none that a deployment takes */
function tell(name: LocalStackCommand): void {
  const settings = Object.fromEntries(
    Object.entries(LOCALSTACK_SETTINGS).map(([key, value]) => [`rtpipeline.${key}`, value]),
  );
  const { network, analysisImage } = readDeployment(new App({ context: { ...cdk.context, ...settings } }).node);
  console.log(`\nThe settings are valid: network ${network}, jobs in ${analysisImage}. This would run:\n`);
  for (const step of stepsOf(name, PORT)) console.log(`  ${step.join(' ')}`);
  if (name === 'demo') console.log('  the sample cohort: publish-models, upload, watch, results');
}

/** @throws Error when the time is up */
async function answers(): Promise<void> {
  for (let second = 0; second < READY_SECONDS; second++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/_localstack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(1000);
  }
  throw new Error(`LocalStack does not answer after ${READY_SECONDS} s: see docker logs ${CONTAINER}`);
}
