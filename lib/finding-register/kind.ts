/**
 * `error`: a result is missing, or must not be used before someone has looked; `warning`: a result may differ;
 * `info`: worth knowing.
 */
export type Severity = 'info' | 'warning' | 'error';

/** The meaning of a code, wherever it is found. */
export interface FindingKind {
  severity: Severity;
  /** One sentence: the fact. */
  meaning: string;
  /** What the reader can do about it. */
  remedy: string;
}
