import { randomUUID } from 'node:crypto';
import { writeJson } from '#lib/course-store/json.ts';
import { readHeader } from '#lib/dicom/header.ts';
import type { StoredInstance } from '#lib/dimse/store-request.ts';
import { describeError } from '#lib/errors.ts';
import { type Kept, keepInstance } from '#lib/received/keep-instance.ts';
import { READY_MARKER } from '#lib/stages/catalog/ready-marker.ts';
import { openStore } from '#lib/store/open.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { MS_PER_S } from '#lib/units.ts';

export interface UploadsOptions {
  /** A bucket of uploads, or a folder like one. */
  place: string;
  /** An upload is complete when nothing of its patient arrived for this time. */
  quietSeconds: number;
  say(message: string): void;
  now(): Date;
}

/** Turns received instances into uploads, one for each patient. */
export interface ReceivedUploads {
  keep(instance: StoredInstance): Promise<Kept>;
  /** Ends without completing open uploads; the next receiver at the same place continues them. */
  close(): Promise<void>;
}

/** An upload that is not complete. */
interface Open {
  name: string;
  store: ObjectStore;
  underWay: number;
  timer?: NodeJS.Timeout;
}

/** `receiving/<name>.json` stands as long as the upload is not complete: what an earlier receiver left is found again. */
const RECEIVING = 'receiving/';

/** Begins with the uploads that an earlier receiver left at this place. */
export async function receivedUploads(options: UploadsOptions): Promise<ReceivedUploads> {
  const { place, quietSeconds, say, now } = options;
  const root = await openStore(place);
  const open = new Map<string, Promise<Open>>();
  const finishing = new Set<Promise<void>>();
  let isClosed = false;

  const opened = async (name: string): Promise<Open> => {
    return { name, store: await openStore(`${place.replace(/\/$/, '')}/incoming/${name}`), underWay: 0 };
  };
  const begin = async (): Promise<Open> => {
    const name = `received-${now().toISOString().replace(/\D/g, '')}-${randomUUID().slice(0, 8)}`;
    await writeJson(root, `${RECEIVING}${name}.json`, {});
    return opened(name);
  };
  const complete = async (upload: Open) => {
    try {
      const count = await announce(root, upload, now());
      say(`upload ${upload.name} is complete: ${count} instances`);
    } catch (error) {
      say(`upload ${upload.name} is not announced yet: ${describeError(error)}`);
      // If this process ends earlier, the next start completes the upload.
      if (!isClosed) setTimeout(() => track(complete(upload)), quietSeconds * MS_PER_S).unref();
    }
  };
  const track = (work: Promise<void>) => {
    finishing.add(work);
    void work.finally(() => finishing.delete(work));
  };
  const waitForQuiet = (patientId: string, upload: Open) => {
    clearTimeout(upload.timer);
    if (isClosed) return;
    upload.timer = setTimeout(() => {
      if (upload.underWay > 0) return;
      // Later instances belong to another upload.
      open.delete(patientId);
      track(complete(upload));
    }, quietSeconds * MS_PER_S);
  };

  for await (const { key } of root.list(RECEIVING)) {
    const upload = await opened(key.slice(RECEIVING.length, -'.json'.length));
    const patientId = await patientIn(upload.store);
    // Of two uploads of one patient the later one receives new instances.
    const earlier = await open.get(patientId);
    if (earlier) track(complete(earlier));
    open.set(patientId, Promise.resolve(upload));
    say(`upload ${upload.name} continues`);
  }
  for (const [patientId, upload] of open) waitForQuiet(patientId, await upload);

  return {
    async keep({ uids, patientId, file }) {
      const beginning = open.get(patientId) ?? begin();
      open.set(patientId, beginning);
      // An upload that could not be begun is begun again with the next instance.
      const upload = await beginning.catch((error: unknown) => {
        open.delete(patientId);
        throw error;
      });
      upload.underWay += 1;
      try {
        return await keepInstance(upload.store, uids, file);
      } finally {
        upload.underWay -= 1;
        waitForQuiet(patientId, upload);
      }
    },
    async close() {
      isClosed = true;
      for (const upload of open.values()) clearTimeout((await upload.catch(() => undefined))?.timer);
      await Promise.all(finishing);
    },
  };
}

/** Whose upload it is, as its first instance says; '' when nothing came yet. */
async function patientIn(store: ObjectStore): Promise<string> {
  for await (const { key, bytes } of store.list('')) {
    if (key === READY_MARKER) continue;
    const { dataSet } = await readHeader({ bytes, read: (start, end) => store.getRange(key, start, end) });
    return dataSet.text('PatientID');
  }
  return '';
}

/** Writes the marker that starts a run, once; answers the number of instances. */
async function announce(root: ObjectStore, { name, store }: Open, sentAt: Date): Promise<number> {
  const keys = new Set<string>();
  let bytes = 0;
  for await (const object of store.list('')) {
    keys.add(object.key);
    bytes += object.bytes;
  }
  const isAnnounced = keys.delete(READY_MARKER);
  const count = keys.size;
  if (count > 0 && !isAnnounced) await writeJson(store, READY_MARKER, { count, bytes, sentAt: sentAt.toISOString() });
  await root.delete(`${RECEIVING}${name}.json`);
  return count;
}
