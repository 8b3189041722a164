import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BadInput } from '#lib/errors.ts';
import { READY_MARKER } from '#lib/stages/catalog/ready-marker.ts';

/** A finished upload, as it was announced. Announcements come at least once and in any order. */
export interface Upload {
  kind: 'marked' | 'archive' | 'quiet';
  /** Folder of its results below `runs/`: the sender's name, or a hash of it if it may name a patient. */
  id: string;
  bucket: string;
  /** Of its objects; ends with `/`. Of an archive: where it is put before it is read. */
  prefix: string;
  /** The object that announced it: marker or archive; of a quiet folder the folder. */
  key: string;
  /** Of that object: another one is another run. Of a quiet folder '': its listing is its version. */
  version: string;
  archiveBytes: number;
}

const objectCreated = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.number().default(0),
      etag: z.string().default(''),
      'version-id': z.string().optional(),
    }),
  }),
});

const quietFolder = z.object({ quiet: z.strictObject({ bucket: z.string(), folder: z.string() }) });

/** What senders may call an upload: it becomes part of keys. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Reads a message of the queue: EventBridge's "Object Created", or the note that a folder has been quiet for a while.
 * @throws BadInput for anything else, and for a name that cannot be part of a key
 */
export function readAnnouncement(body: string): Upload {
  const message: unknown = JSON.parse(body);
  const quiet = quietFolder.safeParse(message);
  if (quiet.success) return quietUpload(quiet.data.quiet);
  const created = objectCreated.safeParse(message);
  if (!created.success) throw new BadInput('the message does not announce an upload');
  const { bucket, object } = created.data.detail;
  const version = object['version-id'] ?? object.etag;
  const common = { bucket: bucket.name, key: object.key, version, archiveBytes: object.size };

  const marked = /^incoming\/([^/]+)\/([^/]+)$/.exec(object.key);
  if (marked?.[2] === READY_MARKER) {
    return { ...common, kind: 'marked', id: checked(marked[1]), prefix: `incoming/${marked[1]}/` };
  }
  const archive = /^incoming\/([^/]+\.zip)$/.exec(object.key);
  if (archive) return { ...common, kind: 'archive', id: checked(archive[1]), prefix: `archives/${archive[1]}/` };
  throw new BadInput('the object is neither a marker nor an archive');
}

/** Devices name their folders after patients: the id is a hash. */
function quietUpload({ bucket, folder }: { bucket: string; folder: string }): Upload {
  const key = `dropbox/${folder}/`;
  return { kind: 'quiet', id: quietId(folder), bucket, prefix: key, key, version: '', archiveBytes: 0 };
}

export function quietId(folder: string): string {
  return `drop-${hash(folder).slice(0, 16)}`;
}

/** Name of the execution: the same upload in the same version has the same, so that it starts once. */
export function runIdOf({ bucket, key, version }: Upload): string {
  return `run-${hash([bucket, key, version].join('\n')).slice(0, 24)}`;
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new BadInput('the name of an upload must have 1 to 64 letters, digits, dots, dashes and underscores');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
