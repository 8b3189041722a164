import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { silentLog } from '#lib/log.ts';
import { runChain } from '#lib/segmentation/chain/run-chain.ts';
import { MODEL_FILE } from '#lib/segmentation/custom-models/discover.ts';
import { type CustomModel, parseCustomModel } from '#lib/segmentation/custom-models/schema.ts';
import { ORGANS, type PhantomCase, phantomCases } from './phantom-cases.ts';

/** The training takes another seed. */
const SEED = 777;
const CASES = 10;

/** `node measure.ts [folder]`: the overlap (Dice) of each organ on images that the training did not see; default: the model beside this. */
await measure(resolve(process.argv[2] ?? import.meta.dirname));

async function measure(folder: string): Promise<void> {
  const model = parseCustomModel(parse(readFileSync(join(folder, MODEL_FILE), 'utf8')), folder);
  const found = new Map<string, number[]>(ORGANS.map(([organ]) => [organ, []]));
  let foreign = 0;
  for (const one of phantomCases(SEED, CASES)) {
    const labels = await labelsOf(model, one);
    for (const [index, [organ]] of ORGANS.entries()) {
      const { both, sum, isThere } = overlap(labels, one.labels, index + 1);
      if (isThere) found.get(organ)?.push((2 * both) / sum);
      else foreign += sum;
    }
  }
  for (const [organ, dice] of found) {
    const mean = dice.reduce((sum, one) => sum + one, 0) / dice.length;
    const parts = [mean, Math.min(...dice), Math.max(...dice)].map((one) => one.toFixed(3));
    console.log(`${organ}: mean ${parts[0]}, ${parts[1]} to ${parts[2]}, ${dice.length} images`);
  }
  console.log(`voxels named in images without the organ: ${foreign}`);
}

async function labelsOf(model: CustomModel, { image }: PhantomCase) {
  const { signal } = new AbortController();
  const input = { volume: image, where: '', cores: 1, signal, log: silentLog };
  const { labelMaps } = await runChain(model, model.steps ?? [], input, 'cpu');
  return labelMaps[0].volume.data;
}

function overlap(labels: ArrayLike<number>, drawn: ArrayLike<number>, value: number) {
  let both = 0;
  let sum = 0;
  let isThere = false;
  for (let v = 0; v < labels.length; v++) {
    const [isClaimed, isDrawn] = [labels[v] === value, drawn[v] === value];
    if (isClaimed && isDrawn) both++;
    sum += Number(isClaimed) + Number(isDrawn);
    isThere ||= isDrawn;
  }
  return { both, sum, isThere };
}
