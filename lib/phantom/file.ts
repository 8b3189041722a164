/** A file as an upload holds it. */
export interface PhantomFile {
  /** With `/` between folders. */
  path: string;
  bytes: Uint8Array;
}
