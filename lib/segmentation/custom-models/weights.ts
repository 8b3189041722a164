import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { BadInput } from '../../errors.ts';
import { unpackArchive } from '../../store/archive/unpack.ts';
import { fileStore } from '../../store/file.ts';
import { onnxFiles, plansFile } from '../nnunet/onnx-files.ts';
import type { CustomModel, Network } from './schema.ts';

/** What a model needs and its folder does not have, as its YAML names it. */
export function missingWeights(model: CustomModel): string[] {
  const missing: string[] = [];
  for (const network of model.networks) {
    if (model.nnunet.interface === 'onnx') {
      const files = [...onnxFiles(model, network), plansFile(model, network)];
      for (const file of files) if (!existsSync(file)) missing.push(relative(model.folder, file));
      continue;
    }
    const places = placesOf(model, network);
    if (places.length > 0 && !places.some(({ path }) => existsSync(path)))
      missing.push(places.map(({ name }) => name).join(' or '));
  }
  return missing;
}

/**
 * The folder that holds the weights of a network, unpacked when it comes as an archive.
 * @param unpackInto where archives are unpacked: the model's own folder to keep them, a passing one to not
 * @throws BadInput when the archive is broken or holds what is not safe to unpack
 */
export async function weightsFolder(model: CustomModel, network: Network, unpackInto: string): Promise<string> {
  if (network.source_directory) return resolve(model.folder, network.source_directory);
  const folder = join(unpackInto, datasetDirectory(network));
  const kept = join(resultsFolder(model), datasetDirectory(network));
  if (existsSync(kept)) return kept;
  if (network.archive && !existsSync(folder)) await unpack(resolve(model.folder, network.archive), folder);
  return folder;
}

/** nnU-Net's folder of results: as the model says, else within its own folder. */
export function resultsFolder({ folder, nnunet }: CustomModel): string {
  return resolve(folder, nnunet.env.nnUNet_results ?? 'nnUNet_results');
}

/** Name of the folder of a network within the results: given, else the archive's, else the alias. */
export function datasetDirectory(network: Network): string {
  return network.dataset_directory ?? (network.archive ? basename(network.archive, '.zip') : network.alias);
}

function placesOf(model: CustomModel, network: Network): { name: string; path: string }[] {
  const { interface: kind } = model.nnunet;
  if (kind === 'totalsegmentator' || kind === 'command') return [];
  if (network.source_directory) return [place(model, network.source_directory)];
  const unpacked = { name: datasetDirectory(network), path: join(resultsFolder(model), datasetDirectory(network)) };
  return network.archive ? [place(model, network.archive), unpacked] : [unpacked];
}

function place(model: CustomModel, name: string): { name: string; path: string } {
  return { name, path: resolve(model.folder, name) };
}

/** Appears whole or not at all: courses that start together may both unpack, the first one wins. */
async function unpack(archive: string, folder: string): Promise<void> {
  const partial = `${folder}.partial-${randomUUID()}`;
  await mkdir(partial, { recursive: true });
  try {
    await unpackWeights(archive, partial);
    const inner = join(partial, basename(folder));
    await rename(existsSync(inner) ? inner : partial, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Unpacks an archive of weights into a folder. @throws BadInput when it is broken or holds what is not safe to unpack */
export async function unpackWeights(archive: string, folder: string): Promise<void> {
  const { refusals } = await unpackFile(archive, folder);
  if (refusals.length === 0) return;
  const [{ entry, reason }] = refusals;
  throw new BadInput(`the weights are not unpacked: ${entry}: ${reason}`, { where: basename(archive) });
}

async function unpackFile(archive: string, folder: string) {
  const file = await open(archive);
  try {
    const read = async (start: number, end: number) => {
      const { bytesRead, buffer } = await file.read(new Uint8Array(end - start), 0, end - start, start);
      return buffer.subarray(0, bytesRead);
    };
    const { size } = await file.stat();
    return await unpackArchive({ bytes: size, read }, fileStore(folder), { keepArchives: true });
  } finally {
    await file.close();
  }
}
