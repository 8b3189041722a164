import type { Keyword } from './tags.ts';

/** A read-only view of a DICOM data set or sequence item. Absent and empty elements read alike. */
export interface DataSet {
  readonly transferSyntaxUid: string;
  /** True when the element is present and not empty. */
  has(keyword: Keyword): boolean;
  /** The value representation as written, the dictionary's where that says nothing (implicit VR, UN). */
  vr(keyword: Keyword): string;
  /** First value as text, decoded by SpecificCharacterSet, without padding; '' when absent. */
  text(keyword: Keyword): string;
  /** All values as text; [] when absent. */
  texts(keyword: Keyword): string[];
  /** First value as number, whatever the VR (DS, IS, US, FL, ...); undefined when absent or not a number. */
  number(keyword: Keyword): number | undefined;
  /** All values as numbers; a value that is not a number reads NaN. */
  numbers(keyword: Keyword): number[];
  /** Items of a sequence; [] when absent. */
  items(keyword: Keyword): DataSet[];
  /** The value field as it stands; undefined when absent. */
  bytes(keyword: Keyword): Uint8Array | undefined;
}
