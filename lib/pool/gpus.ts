import { execa } from 'execa';

export interface Gpu {
  index: number;
  name: string;
  memoryMiB: number;
}

/** Where a program computes: on a GPU of NVIDIA, on the CPU, on the GPU of a Mac. */
export type Device = 'gpu' | 'cpu' | 'mps';

/** What TotalSegmentator's full model asks of a GPU, split in parts. */
export const MODEL_GPU_MIB = 7000;

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

/** Whether a job with this setting asks for a GPU, before it is known what its machine has. */
export function asksForGpu(device: Device | 'auto'): boolean {
  return device === 'gpu' || device === 'auto';
}

/** The GPUs that a device stands for: all, or with `auto` those that a full model fits. */
export function usableGpus(device: Device | 'auto', gpus: Gpu[]): Gpu[] {
  if (device === 'gpu') return gpus;
  return device === 'auto' ? gpus.filter(({ memoryMiB }) => memoryMiB >= MODEL_GPU_MIB) : [];
}

/** Where models compute on a machine with these GPUs: without a usable one, on the CPU. */
export function deviceOn(gpus: Gpu[], device: Device | 'auto'): Device {
  if (device === 'mps') return device;
  return usableGpus(device, gpus).length > 0 ? 'gpu' : 'cpu';
}

/** Where models compute on this machine. */
export async function deviceHere(device: Device | 'auto'): Promise<Device> {
  return deviceOn(device === 'cpu' || device === 'mps' ? [] : await readGpus(), device);
}
