import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { BadInput } from '../../errors.ts';
import { MANIFEST_FILE } from '../custom-models/digest.ts';

/** Of what stands in a manifest. */
export const FORMAT = 1;
const format = z.looseObject({ format: z.unknown() });

/** The file beside the custom_model.yaml of a converted model: its files with their digests, and their origin. */
const schema = z.strictObject({
  format: z.literal(FORMAT),
  name: z.string(),
  licence: z.string().nullable(),
  /** What the images were brought to in training, by network. */
  networks: z.array(
    z.strictObject({
      alias: z.string(),
      configuration: z.string(),
      trainer: z.string(),
      normalisation: z.string(),
      intensities: z
        .looseObject({ mean: z.number(), std: z.number(), percentile_00_5: z.number(), percentile_99_5: z.number() })
        .nullable(),
      /** Window of the network, its channels before the axes. */
      input: z.array(z.int().positive()),
      folds: z.array(
        z.strictObject({
          file: z.string(),
          /** Of the checkpoint that it was made of. */
          checkpointSha256: z.string(),
          /** Every so many logits of the answer to the sample window, as PyTorch gave them. */
          step: z.int().positive(),
          logits: z.array(z.number()),
        }),
      ),
    }),
  ),
  /** Programs that wrote the files. */
  versions: z.record(z.string(), z.string()),
  files: z.record(z.string(), z.strictObject({ bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof schema>;

/**
 * @returns undefined where there is none: a model that a person put there
 * @throws BadInput when it is broken, or of a form that this version does not know
 */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const refused = (why: string, cause?: unknown) =>
    new BadInput(`the manifest ${why}: remove the model and add it again`, { where: MANIFEST_FILE, cause });
  try {
    const json = JSON.parse(text);
    const found = format.safeParse(json).data?.format;
    if (found !== undefined && found !== FORMAT)
      throw refused(`was written by another version of rtpipeline (format ${found}, here ${FORMAT})`);
    return schema.parse(json);
  } catch (cause) {
    throw cause instanceof BadInput ? cause : refused('cannot be read', cause);
  }
}

/** Whether `models add` wrote the model, however broken it may be now. */
export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}

/**
 * Compares some files of a converted model with its manifest, by their paths; those of a model without a manifest are not
 * compared.
 * @throws BadInput for the first one that is another than was written
 */
export async function checkFiles(folder: string, paths: string[]): Promise<void> {
  const manifest = await readManifest(folder);
  if (!manifest) return;
  for (const path of paths) {
    const name = relative(folder, path).replaceAll('\\', '/');
    const known = manifest.files[name];
    if (!known || known.sha256 === (await fileSha256(path))) continue;
    throw new BadInput('the file has changed since `models add` wrote it. Copy it again, or add the model again', {
      where: name,
    });
  }
}

/** Size and digest of every file of a folder but the manifest, by its path with slashes. */
export async function filesOf(folder: string): Promise<Manifest['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== MANIFEST_FILE)
    .sort();
  const files: Manifest['files'] = {};
  for (const path of paths) {
    const { size } = await stat(join(folder, path));
    files[path] = { bytes: size, sha256: await fileSha256(join(folder, path)) };
  }
  return files;
}

/** What differs between the files of a folder and its manifest, a line each; empty when all is as it was. */
export async function changedFiles(folder: string, { files }: Manifest): Promise<string[]> {
  const found = await filesOf(folder);
  const lost = Object.keys(files).filter((path) => !found[path]);
  const added = Object.keys(found).filter((path) => !files[path]);
  const changed = Object.keys(files).filter((path) => found[path] && found[path].sha256 !== files[path].sha256);
  return [
    ...lost.map((path) => `${path} is not there`),
    ...changed.map((path) => `${path} has changed since it was written (${found[path].bytes} bytes)`),
    ...added.map((path) => `${path} does not belong to the model`),
  ];
}

export async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}
