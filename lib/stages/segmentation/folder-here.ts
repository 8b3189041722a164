import type { StageContext } from '../../course-store/context.ts';
import { PipelineError } from '../../errors.ts';
import { linkUsualWeights } from '../../segmentation/total-segmentator/home-folder.ts';
import { isStoreUri } from '../../store/published/manifest.ts';

/** A folder of a setting on this machine: as it is, or fetched once where the setting names a published one. */
export async function folderHere(folder: string, { fetchFolder }: StageContext): Promise<string> {
  if (!isStoreUri(folder)) return folder;
  if (!fetchFolder)
    throw new PipelineError('only jobs on AWS can read a published folder. Name a folder on this machine', {
      where: folder,
    });
  return fetchFolder(folder);
}

/** As `folderHere` for a folder of weights; published ones stand beside those that the image brings. */
export async function weightsHere(folder: string | null, context: StageContext): Promise<string | null> {
  if (folder === null || !isStoreUri(folder)) return folder;
  const here = await folderHere(folder, context);
  await linkUsualWeights(here);
  return here;
}
