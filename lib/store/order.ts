/** Order of keys as S3 lists them: by UTF-8 bytes, which for valid text is the order of code points. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
