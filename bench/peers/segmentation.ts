/**
 * Our runtime beside nnU-Net v2 (PyPI's nnunetv2 and torch) on the same network and images: `npm run peers:segmentation
 * [-- folder of a model]`. The same label is asked for in 99.9 % of the voxels, with and without mirroring. Times are those of
 * the processor from opening the model to the label maps of all images, memory the peak of the process, on one thread each.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';
import { describeError } from '../../lib/errors.ts';
import type { Volume } from '../../lib/image/grid.ts';
import { silentLog } from '../../lib/log.ts';
import { readNifti } from '../../lib/nifti/read-nifti.ts';
import { writeNifti } from '../../lib/nifti/write-nifti.ts';
import { paint } from '../../lib/phantom/paint.ts';
import { pelvis } from '../../lib/phantom/pelvis.ts';
import { axialGrid } from '../../lib/phantom/scene.ts';
import { thorax } from '../../lib/phantom/thorax.ts';
import { parseCustomModel } from '../../lib/segmentation/custom-models/schema.ts';
import { runOnnx } from '../../lib/segmentation/nnunet/run-onnx.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['nnunetv2==2.8.1', 'onnx'];
const LEAST_AGREEMENT = 0.999;

const model = process.argv[2] ?? fileURLToPath(new URL('../../models/phantom', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'peers-segmentation-'));
try {
  const images = writeImages(join(folder, 'images'));
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('segmentation', PACKAGES));
  const script = fileURLToPath(new URL('./segmentation.py', import.meta.url));
  const env = { OMP_NUM_THREADS: '1' };
  const { stdout } = await execa(python, [script, model, join(folder, 'images'), join(folder, 'out')], { env });
  const theirs = new Map(
    [...stdout.matchAll(/^(plain|mirrored|peak) ([\d.]+)$/gm)].map(([, what, value]) => [what, value]),
  );
  await compare(images, theirs);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`peak memory: nnU-Net ${theirs.get('peak')} MiB, ours ${peak} MiB`);
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** A thorax and a pelvis of other sizes than the training's, and a thick-sliced one. */
function writeImages(to: string): Map<string, Volume> {
  mkdirSync(to, { recursive: true });
  const images = new Map<string, Volume>();
  const add = (name: string, volume: Volume) => {
    images.set(name, volume);
    writeFileSync(join(to, `${name}_0000.nii.gz`), writeNifti(volume, true));
  };
  const chest = axialGrid([110, 96, 46], [3.3, 3.1, 4]);
  add('thorax', { grid: chest, data: paint(chest, -1000, thorax([-80, 5, 20], 14).tissues, 7) });
  const basin = axialGrid([90, 80, 30], [4.4, 4.4, 6]);
  add('pelvis', { grid: basin, data: paint(basin, -1000, pelvis().tissues, 8) });
  const thick = axialGrid([120, 100, 14], [3, 3, 12]);
  add('thick', { grid: thick, data: paint(thick, -1000, thorax([75, 0, -10], 20).tissues, 9) });
  return images;
}

async function compare(images: Map<string, Volume>, theirSeconds: Map<string, string>): Promise<void> {
  for (const mode of ['plain', 'mirrored']) {
    let total = 0;
    for (const [name, volume] of images) {
      const before = process.cpuUsage();
      const ours = await predict(volume, mode === 'mirrored' ? [0, 1, 2] : []);
      const { user, system } = process.cpuUsage(before);
      const took = (user + system) / 1e6;
      total += took;
      const theirs = readNifti(readFileSync(join(folder, 'out', mode, `${name}.nii.gz`))).data;
      const counts = new Map<number, number>();
      let same = 0;
      for (let v = 0; v < ours.length; v++) {
        if (ours[v] === theirs[v]) same++;
        counts.set(theirs[v], (counts.get(theirs[v]) ?? 0) + 1);
      }
      const part = same / ours.length;
      const labels = [...counts.keys()].filter((value) => value > 0).length;
      console.log(
        `${name}, ${mode}: ${(100 * part).toFixed(4)} % of ${ours.length} voxels alike, ${labels} labels, ours in ${took.toFixed(1)} s`,
      );
      if (part < LEAST_AGREEMENT) {
        console.error(`!!! less than ${100 * LEAST_AGREEMENT} %`);
        process.exitCode = 1;
      }
    }
    console.log(`${mode}, ${images.size} images: nnU-Net ${theirSeconds.get(mode)} s, ours ${total.toFixed(1)} s`);
  }
}

async function predict(volume: Volume, axes: number[]) {
  const content = parse(readFileSync(join(model, 'custom_model.yaml'), 'utf8'));
  content.networks[0].mirror_axes = axes;
  const input = { volume, where: '', cores: 1, signal: new AbortController().signal, log: silentLog };
  const { labelMaps } = await runOnnx(parseCustomModel(content, model), input, 'cpu');
  return labelMaps[0].volume.data;
}
