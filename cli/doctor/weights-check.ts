import { readdir } from 'node:fs/promises';
import type { Config } from '#lib/config.ts';
import { describeError } from '#lib/errors.ts';
import { convertedTask } from '#lib/segmentation/total-segmentator/converted-tasks.ts';
import { weightsHome } from '#lib/segmentation/total-segmentator/home-folder.ts';
import { lackingWeights, modelNumber } from '#lib/segmentation/total-segmentator/task-weights.ts';
import { tasksFor } from '#lib/segmentation/total-segmentator/tasks.ts';
import type { Check } from './check.ts';

/**
 * Whether the weights of every task that the configuration asks for are here, its fallback's and subset's too. A task that was
 * converted needs none.
 */
export async function weightsCheck({ segmentation }: Config): Promise<Check | undefined> {
  if (!segmentation.enabled) return undefined;
  const what = 'weights';
  const folder = weightsHome(segmentation);
  const there = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  const ids = new Set(there.flatMap((path) => modelNumber(path) ?? []));
  const tasks = [...new Set(['CT', 'MR'].flatMap((modality) => tasksFor(modality, segmentation)))];
  const broken: string[] = [];
  const converted = await Promise.all(
    tasks.map((task) =>
      convertedTask(folder, task, segmentation.fast).catch((error) => void broken.push(describeError(error))),
    ),
  );
  if (broken.length > 0) return { what, verdict: 'missing', message: broken.join('; ') };
  const byProgram = tasks.filter((_, index) => !converted[index]);
  const { lacking, unchecked } = lackingWeights(byProgram, segmentation, ids);
  const missing = lacking.map(({ task, models }) => `${task} (${models.join(', ')})`);
  const note = unchecked.length > 0 ? `; not checked: ${unchecked.join(', ')}` : '';
  if (missing.length === 0) return { what, verdict: 'ok', message: `${tasks.join(', ')} in ${folder}${note}` };
  const message = `${folder} lacks ${missing.join(', ')}: the program downloads them when a course needs them${note}`;
  return { what, verdict: 'missing', message };
}
