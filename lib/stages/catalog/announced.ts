import { DamagedResult } from '../../errors.ts';
import { notReceived, RECEIVED_LIST, readReceivedList } from '../../received/received-list.ts';
import type { ObjectInfo, ObjectStore } from '../../store/store.ts';
import type { CatalogLine, Rejected } from './line.ts';

/**
 * A line for every announced instance that the upload lacks; no lines when nothing was announced.
 * @param objects the upload, or a part of it: the part with the list looks up the objects of the others
 */
export async function announcedLines(input: ObjectStore, objects: ObjectInfo[]): Promise<CatalogLine[]> {
  const list = objects.find(({ key }) => key === RECEIVED_LIST);
  if (!list) return [];
  try {
    const announced = await readReceivedList(input);
    const listed = new Set(objects.map(({ key }) => key));
    const elsewhere = await Promise.all(
      notReceived(announced, (key) => listed.has(key)).map(async (line) =>
        (await input.head(line.key)) ? [] : [line],
      ),
    );
    return elsewhere.flat().map(({ key, why }) => rejected({ key, bytes: 0, version: '' }, 'not_received', why));
  } catch (error) {
    if (!(error instanceof DamagedResult)) throw error;
    return [rejected(list, 'unreadable', error.message)];
  }
}

function rejected({ key, bytes, version }: ObjectInfo, reason: Rejected['reason'], message: string): CatalogLine {
  return { rejected: { key, bytes, version, reason, message } };
}
