import type { Volume, VoxelArray } from './grid.ts';

/** The volume in shared memory, so that posting it to a thread copies nothing; one that is there already as it is. */
export function sharedVolume<T extends VoxelArray>(volume: Volume<T>): Volume<T> {
  const { data } = volume;
  if (data.buffer instanceof SharedArrayBuffer) return volume;
  const type = data.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new type(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return { ...volume, data: copy };
}
