import { embeddedMetrics } from '#lib/aws/metrics.ts';
import { BadInput, describeError } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { type Outcome, type Services, startRun } from './start.ts';
import { readAnnouncement } from './upload.ts';

/** A batch of the queue, as Lambda gets it. */
export interface QueueEvent {
  Records: {
    messageId: string;
    receiptHandle: string;
    body: string;
    attributes: { ApproximateReceiveCount: string };
  }[];
}

/** Lambda deletes the messages that are not named here; these come again. */
export interface QueueAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

export interface Queue {
  /** Hides the message for this time before it arrives again. */
  postpone(receiptHandle: string, seconds: number): Promise<void>;
}

/** Starts a run for every announced upload. A message is gone only when its upload was started, known or rejected. */
export function queueFunction(services: Services, queue: Queue, write = toStandardOutput) {
  const log = createLog(write, () => new Date());
  return async ({ Records }: QueueEvent): Promise<QueueAnswer> => {
    const batchItemFailures: QueueAnswer['batchItemFailures'] = [];
    for (const record of Records) {
      const look = Number(record.attributes.ApproximateReceiveCount);
      const outcome = await start(record.body, look, services).catch((error) => {
        log.error({ reason: describeError(error), look }, 'Start:Upload:Failed');
        return 'failed' as const;
      });
      const name = typeof outcome === 'object' ? 'waiting' : outcome;
      if (typeof outcome === 'object') await queue.postpone(record.receiptHandle, outcome.waitSeconds);
      if (name === 'waiting' || name === 'failed') batchItemFailures.push({ itemIdentifier: record.messageId });
      log.info({ outcome: name, look }, 'Start:Upload:Done');
      write(embeddedMetrics(new Date(), { Outcome: name }, { Uploads: [1, 'Count'] }));
    }
    return { batchItemFailures };
  };
}

/** A message that announces nothing never will: it is logged and dropped. */
async function start(body: string, look: number, services: Services): Promise<Outcome> {
  try {
    return await startRun(readAnnouncement(body), look, services);
  } catch (error) {
    if (!(error instanceof BadInput || error instanceof SyntaxError)) throw error;
    await services.notify('rtpipeline upload rejected', { status: 'rejected', reason: describeError(error) });
    return 'rejected';
  }
}

function toStandardOutput(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
