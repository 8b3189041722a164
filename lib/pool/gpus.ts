import { execa } from 'execa';

export interface Gpu {
  index: number;
  name: string;
  memoryMiB: number;
}

/** The GPUs that nvidia-smi lists; none where it is not installed. */
export async function readGpus(): Promise<Gpu[]> {
  const query = ['--query-gpu=index,name,memory.total', '--format=csv,noheader,nounits'];
  const { stdout, failed } = await execa('nvidia-smi', query, { reject: false, timeout: 10_000 });
  return failed ? [] : parseGpus(stdout);
}

export function parseGpus(csv: string): Gpu[] {
  return [...csv.matchAll(/^(\d+), (.+), (\d+)$/gm)].map(([, index, name, memoryMiB]) => ({
    index: Number(index),
    name,
    memoryMiB: Number(memoryMiB),
  }));
}

/** Where a program that was asked to use a GPU computes: without one, on the CPU. */
export async function deviceHere<Device extends string>(device: Device): Promise<Device | 'cpu'> {
  return device === 'gpu' && (await readGpus()).length === 0 ? 'cpu' : device;
}
