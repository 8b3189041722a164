import type { IndexRow } from '../../organize/index-row.ts';
import type { ObjectInfo } from '../../store/store.ts';

/**
 * An object of the upload that is not an instance, with the reason. `unreadable`: DICOM, but broken or without the
 * right to read it; `not_a_file`: a broken link, a pipe, a socket; `refused`: an archive, or an entry of it, that is
 * not safe to unpack; `not_received`: an archive announced it, but it is missing.
 */
export interface Rejected extends Omit<ObjectInfo, 'blocked'> {
  reason: 'not_dicom' | 'unreadable' | 'archive' | 'refused' | 'not_a_file' | 'not_received';
  message: string;
  /** The system did not give it, which tells nothing of the file: the next run reads it again. */
  again?: true;
}

/** What a file was like when it was read, to notice another content of the same size and modification time. */
export interface Seen {
  /** Version in the listing; that of the instance says more once the content has changed under it. */
  version: string;
  changed: string;
  /** Digest of its first 64 KiB and last 4 KiB. */
  ends: string;
}

/** A line of the catalog: every object of the upload is one. */
export type CatalogLine = { instance: IndexRow; seen?: Seen } | { rejected: Rejected };
