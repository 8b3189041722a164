import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { archiveKind } from '#lib/store/archive/kind.ts';
import { unpackArchive } from '#lib/store/archive/unpack.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { storedZip } from '#test/fixtures/stored-zip.ts';
import { mutateBytes, oneOf } from './mutate-bytes.ts';
import type { Target } from './target.ts';

const MIB = 2 ** 20;
const LIMITS = { totalBytes: 64 * MIB, entryBytes: 16 * MIB, files: 1000, freeBytes: 8 * MIB };

/** ZIP, tar and gzip archives, in each other too. */
export async function archiveTarget(): Promise<Target> {
  const zip = storedZip({ 'a/b.dcm': 'one', 'ü.dcm': 'two', 'c/': '' });
  const packed = await tarOf({ 'a/b.dcm': 'one', [`${'long/'.repeat(40)}name`]: 'two', 'inner.zip': zip });
  const seeds = [zip, packed, gzipSync(packed), gzipSync(zip), storedZip({ 'inner.tgz': gzipSync(packed), x: 'y' })];
  return {
    mutant: (random) => {
      let bytes: Uint8Array = oneOf(random, seeds);
      for (let changes = 1 + Math.floor(3 * random()); changes > 0; changes--) bytes = mutateBytes(bytes, random);
      return bytes;
    },
    async read(mutant) {
      const bytes = mutant as Uint8Array;
      if (!archiveKind(bytes)) return;
      const source = { bytes: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) };
      const target = memoryStore();
      const { files } = await unpackArchive(source, target, { prefix: 'in/', limits: LIMITS });
      let listed = 0;
      for await (const { key } of target.list('')) {
        if (!key.startsWith('in/') || key.includes('..')) throw new Error(`unpacked outside of the target: ${key}`);
        listed += 1;
      }
      if (listed !== files) throw new Error(`${files} files are counted, ${listed} are there`);
    },
  };
}

async function tarOf(files: Record<string, string | Uint8Array>): Promise<Uint8Array> {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) pack.entry({ name }, Buffer.from(content));
  pack.finalize();
  const parts: Buffer[] = [];
  for await (const part of pack) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
