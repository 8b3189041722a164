import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#lib/config.ts';
import { weightsPath } from '#lib/segmentation/total-segmentator/home-folder.ts';
import { weightsOf } from '#lib/segmentation/total-segmentator/task-weights.ts';
import { tasksFor } from '#lib/segmentation/total-segmentator/tasks.ts';
import type { Check } from './check.ts';

/** Whether the weights of every task that the configuration asks for are here, its fallback's and subset's too. */
export async function weightsCheck({ segmentation }: Config): Promise<Check | undefined> {
  if (!segmentation.enabled) return undefined;
  const what = 'weights';
  const folder = weightsPath(segmentation, process.env.TOTALSEG_HOME_DIR ?? join(homedir(), '.totalsegmentator'));
  const there = await readdir(folder, { recursive: true }).catch(() => [] as string[]);
  const ids = new Set(there.map((path) => Number(/Dataset(\d+)_[^/]*$/.exec(path)?.[1])));
  const tasks = [...new Set(['CT', 'MR'].flatMap((modality) => tasksFor(modality, segmentation)))];
  const missing = tasks.flatMap((task) => {
    const lacking = weightsOf(task, segmentation).filter((id) => !ids.has(id));
    return lacking.length > 0 ? [`${task} (${lacking.join(', ')})`] : [];
  });
  const unknown = tasks.filter((task) => weightsOf(task, segmentation).length === 0);
  const note = unknown.length > 0 ? `; not checked: ${unknown.join(', ')}` : '';
  if (missing.length === 0) return { what, verdict: 'ok', message: `${tasks.join(', ')} in ${folder}${note}` };
  const message = `${folder} lacks ${missing.join(', ')}: the program fetches them when a course needs them${note}`;
  return { what, verdict: 'missing', message };
}
