import { readFileSync, realpathSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

export interface Storage {
  kind: 'ssd' | 'disk' | 'network' | 'memory' | 'unknown';
  fileSystem: string;
  freeGib: number;
}

const NETWORK = /^(nfs|cifs|smb|fuse\.sshfs|fuse\.s3fs|lustre|beegfs|ceph|gpfs|glusterfs|9p)/;
const MEMORY = ['tmpfs', 'ramfs'];

/** What a folder lies on, by /proc/mounts and /sys. */
export async function readStorage(folder: string): Promise<Storage> {
  const path = realpathSync(folder);
  const fileSystem = fileSystemOf(path, readIfAny('/proc/mounts'));
  const { bavail, bsize } = await statfs(path);
  return { kind: kindOf(path, fileSystem), fileSystem, freeGib: (bavail * bsize) / 2 ** 30 };
}

/** Type of the file system whose mount point is the longest that holds the path; lines of /proc/mounts. */
export function fileSystemOf(path: string, mounts: string): string {
  const held = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, point = '']) => point !== '' && `${path}/`.startsWith(point === '/' ? '/' : `${point}/`))
    .sort((a, b) => a[1].length - b[1].length);
  return held.at(-1)?.[2] ?? 'unknown';
}

function kindOf(path: string, fileSystem: string): Storage['kind'] {
  if (NETWORK.test(fileSystem)) return 'network';
  if (MEMORY.includes(fileSystem)) return 'memory';
  const { dev } = statSync(path);
  const device = `/sys/dev/block/${dev >> 8}:${dev & 255}`;
  const rotates = [`${device}/queue/rotational`, `${device}/../queue/rotational`]
    .map(readIfAny)
    .find((text) => text !== '');
  if (rotates === undefined) return 'unknown';
  return rotates.trim() === '1' ? 'disk' : 'ssd';
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
