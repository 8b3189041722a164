import type { IndexRow } from '../../organize/index-row.ts';
import type { ObjectInfo } from '../../store/store.ts';

/**
 * An object of the upload that is no instance, with the reason. `unreadable`: DICOM, but broken; `refused`: an entry of
 * an archive, or the archive, that is not safe to unpack.
 */
export interface Rejected extends ObjectInfo {
  reason: 'not_dicom' | 'unreadable' | 'archive' | 'refused';
  message: string;
  /** The system did not give it, which tells nothing of the file: the next run reads it again. */
  again?: true;
}

/** A line of the catalog: every object of the upload is one. */
export type CatalogLine = { instance: IndexRow } | { rejected: Rejected };
