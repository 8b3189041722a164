import { text } from 'node:stream/consumers';
import { type Clock, systemClock } from '../../../statemachine/engine/clock.ts';
import type { HistoryEvent } from '../../../statemachine/engine/history.ts';
import type { Json } from '../../../statemachine/engine/json.ts';
import { startExecution } from '../../../statemachine/engine/nested.ts';
import { loadDefinition } from '../../../statemachine/engine/parse.ts';
import { runStateMachine } from '../../../statemachine/engine/run.ts';
import { awsIntegrations } from './integrations.ts';

/** What the emulator asks for: an execution, with the definitions of every machine as they were deployed. */
interface Order {
  machineArn: string;
  machines: Record<string, string>;
  name: string;
  input: Json;
  /** Of a redrive: the events of the attempts before, by path. */
  recorded: Record<string, HistoryEvent[]>;
}

/** Runs the execution of the order on standard input; its events go to standard output, a line each. */
async function main(): Promise<void> {
  const { machineArn, machines, name, input, recorded } = JSON.parse(await text(process.stdin)) as Order;
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort(new Error('stopped')));
  const definitions = Object.fromEntries(
    Object.entries(machines).map(([arn, definition]) => [arn, loadDefinition(definition)]),
  );
  const integrations = awsIntegrations();
  const onEvent = (path: string, event: HistoryEvent) => process.stdout.write(`${JSON.stringify({ path, event })}\n`);
  const options = {
    integrations,
    onEvent,
    clock: hurriedClock(Number(process.env.RTPIPELINE_HURRY ?? 1)),
    recorded: (path: string) => recorded[path] ?? [],
  };
  integrations['states:startExecution.sync:2'] = startExecution(definitions, () => options);
  await runStateMachine(definitions[machineArn], input, { ...options, name, machineArn, signal: stop.signal });
}

/** Waits and pauses between retries take this many times less: timeouts stay. */
function hurriedClock(times: number): Clock {
  return { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / times, signal) };
}

await main();
