import { createLog } from '#lib/log.ts';
import { quietId } from '../start/upload.ts';

export interface Schedules {
  /** Tells the queue of starts at this time that the folder is quiet; an earlier order for it is replaced. */
  announceAt(at: Date, name: string, message: string): Promise<void>;
}

interface ObjectCreated {
  detail: { bucket: { name: string }; object: { key: string } };
}

/**
 * Objects that senders without markers put under `dropbox/<folder>/`: when none has come to a folder for the quiet
 * time, its upload counts as complete. One order per folder and batch of messages, however many objects came.
 */
export function quietFunction(schedules: Schedules, quietMinutes: number, write = toStandardOutput) {
  const log = createLog(write, () => new Date());
  return async ({ Records }: { Records: { body: string }[] }): Promise<void> => {
    const folders = new Map<string, { bucket: string; folder: string }>();
    for (const { body } of Records) {
      const { bucket, object } = (JSON.parse(body) as ObjectCreated).detail;
      const folder = /^dropbox\/([^/]+)\//.exec(object.key)?.[1];
      if (folder !== undefined) folders.set(folder, { bucket: bucket.name, folder });
    }
    const at = new Date(Date.now() + quietMinutes * 60_000);
    for (const quiet of folders.values())
      await schedules.announceAt(at, quietId(quiet.folder), JSON.stringify({ quiet }));
    log.info({ objects: Records.length, folders: folders.size }, 'Quiet:Schedule:Done');
  };
}

function toStandardOutput(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
