/**
 * Models that nnU-Net v2 trained, converted by `models add` and run without Python, beside nnU-Net itself on the same
 * images: `npm run peers:conversion`. Plain, 2D, a cascade, and regions that overlap. The same label is asked for in
 * 99.9 % of the voxels.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';
import { describeError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { addModel } from '../../lib/segmentation/conversion/add-model.ts';
import { verifyModel } from '../../lib/segmentation/conversion/verify-model.ts';
import { parseCustomModel } from '../../lib/segmentation/custom-models/schema.ts';
import type { LabelMap } from '../../lib/segmentation/label-map.ts';
import { runOnnx } from '../../lib/segmentation/nnunet/run-onnx.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['nnunetv2==2.8.1', 'batchgenerators==0.25.5', 'onnx'];
const LEAST_AGREEMENT = 0.999;

/** What is compared: the value of nnU-Net's label map for a voxel, from the structures that ours has there. */
interface Task {
  dataset: string;
  configuration: string;
  /** Structures from the outside to the inside, with nnU-Net's values. */
  values: [structure: string, value: number][];
}

const PLAIN: Task['values'] = [
  ['shell', 1],
  ['core', 2],
  ['small', 3],
];
const TASKS: Task[] = [
  ...['3d_fullres', '2d', '3d_lowres', '3d_cascade_fullres'].map((configuration) => ({
    dataset: 'Dataset811_plain',
    configuration,
    values: PLAIN,
  })),
  {
    dataset: 'Dataset812_regions',
    configuration: '3d_fullres',
    values: [
      ['whole', 1],
      ['inner', 2],
      ['small', 3],
    ],
  },
];

const given = process.argv[2];
const folder = given ?? mkdtempSync(join(tmpdir(), 'peers-conversion-'));
const models = mkdtempSync(join(tmpdir(), 'peers-conversion-models-'));
try {
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('conversion', PACKAGES));
  const script = fileURLToPath(new URL('./nnunet_trained.py', import.meta.url));
  const env = { OMP_NUM_THREADS: '1' };
  if (given === undefined) await execa(python, [script, folder], { env });
  for (const task of TASKS) await compare(task, python);
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Not all was compared.\n`);
  process.exitCode = 1;
} finally {
  if (given === undefined) rmSync(folder, { recursive: true });
  rmSync(models, { recursive: true });
}

async function compare({ dataset, configuration, values }: Task, python: string): Promise<void> {
  const { signal } = new AbortController();
  const name = `${dataset}-${configuration}`;
  const options = {
    name,
    configuration,
    checkpoint: 'checkpoint_final.pth',
    folds: [],
    python,
    activate: null,
    signal,
  };
  const at = await addModel(models, join(folder, 'nnUNet_results', dataset), options);
  const amiss = await verifyModel(at);
  if (amiss?.length !== 0) fail(`${name}: ${amiss}`);
  const model = parseCustomModel(parse(readFileSync(join(at, 'custom_model.yaml'), 'utf8')), at);
  for (const file of readdirSync(join(folder, 'images', dataset)).sort()) {
    const volume = readNifti(readFileSync(join(folder, 'images', dataset, file)));
    const started = performance.now();
    const input = { volume, where: '', cores: 1, signal, log: silentLog };
    const { labelMaps } = await runOnnx(model, input, 'cpu');
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const ours = valuesOf(labelMaps, values);
    const theirs = readNifti(
      readFileSync(join(folder, 'predicted', name, file.replace('_0000.nii.gz', '.nii.gz'))),
    ).data;
    let same = 0;
    for (let v = 0; v < ours.length; v++) if (ours[v] === theirs[v]) same++;
    const found = new Set(theirs).size - 1;
    const part = same / ours.length;
    console.log(
      `${name}, ${file.slice(0, 8)}: ${(100 * part).toFixed(4)} % of ${ours.length} voxels alike, ${found} labels, ours in ${seconds} s`,
    );
    if (part < LEAST_AGREEMENT) fail(`${name}: less than ${100 * LEAST_AGREEMENT} %`);
  }
}

/** nnU-Net's label map from structures that may overlap: the innermost that holds a voxel gives its value. */
function valuesOf(labelMaps: LabelMap[], values: Task['values']): Uint8Array {
  const merged = new Uint8Array(labelMaps[0].volume.data.length);
  for (const [structure, value] of values) {
    const map = labelMaps.find(({ labels }) => labels.some(({ name }) => name === structure));
    const own = map?.labels.find(({ name }) => name === structure)?.value;
    if (!map || own === undefined) throw new Error(`there is no ${structure}`);
    map.volume.data.forEach((found, v) => {
      if (found === own) merged[v] = value;
    });
  }
  return merged;
}

function fail(line: string): void {
  console.error(`!!! ${line}`);
  process.exitCode = 1;
}
