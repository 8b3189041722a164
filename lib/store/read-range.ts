import { close, open, read } from 'node:fs';

/**
 * Bytes [start, end) of a file, fewer where it ends. By numbers of open files: an object for each of them, which Node watches
 * over, costs as much as the reading of a header.
 * @throws what the system says
 */
export function readRange(path: string | Buffer, start: number, end: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (refused, file) => {
      if (refused) return reject(refused);
      const bytes = new Uint8Array(end - start);
      read(file, bytes, 0, bytes.length, start, (error, count) => {
        close(file, (late) => (error || late ? reject(error ?? late) : resolve(bytes.subarray(0, count))));
      });
    });
  });
}
