import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { gaussian, seededRandom } from '../../lib/random.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGE = 'pictologics==0.9.0';
const REPEATS = 15;
/** Runs of each side that are not counted: V8 compiles while it runs, Numba has compiled when it is imported. */
const WARM_UP = 25;
const LEVELS = 32;

interface TextureResult {
  name: string;
  /** By IBSI code. */
  values: Record<string, number>;
  seconds: number[];
}

/**
 * All six texture families of IBSI beside Pictologics' (Numba, warm), one thread each, by CPU time, on cubes of smooth
 * noise and a ball in one. Returns lines to print, and whether ours were slower or differed.
 */
export async function comparePictologics(folder: string): Promise<{ lines: string[]; failed: boolean }> {
  const python = await pythonWith('pictologics', [PACKAGE], '3.12');
  const jobs = [
    levelCube('cube of 75³', 75),
    levelCube('cube of 100³', 100),
    levelCube('ball of 60 cc at 1 mm', 51, true),
  ];
  const file = join(folder, 'textures.json');
  const written = jobs.map(({ name, size, levels }, n) => {
    const path = join(folder, `levels-${n}.raw`);
    writeFileSync(path, levels);
    return { name, size, levels: path, repeats: REPEATS, warmUp: WARM_UP };
  });
  writeFileSync(file, JSON.stringify(written));
  const [script, ours] = ['./pictologics_textures.py', '../radiomics-textures-ours.ts'].map(
    (path) => new URL(path, import.meta.url).pathname,
  );
  const theirs = JSON.parse((await execa(python, [script, file])).stdout) as TextureResult[];
  const mine = JSON.parse((await execa(process.execPath, [ours, file])).stdout) as TextureResult[];
  const compared = mine.map((one, n) => compare(one, theirs[n]));
  return { lines: compared.map(({ line }) => line), failed: compared.some(({ failed }) => failed) };
}

function compare(mine: TextureResult, theirs: TextureResult): { line: string; failed: boolean } {
  const shared = Object.keys(theirs.values).filter((code) => code in mine.values);
  const [worst] = shared
    .map((code) => ({ code, off: Math.abs(mine.values[code] - theirs.values[code]) / Math.abs(theirs.values[code]) }))
    .sort((a, b) => b.off - a.off);
  const [ours, peer] = [median(mine.seconds), median(theirs.seconds)];
  const line =
    `${mine.name}, ${LEVELS} levels, all textures, CPU time: Pictologics ${(1000 * peer).toFixed(0)} ms, ` +
    `ours ${(1000 * ours).toFixed(0)} ms: ${(peer / ours).toFixed(2)} times as fast; ` +
    `${shared.length} shared features, worst ${worst.code} ${worst.off.toExponential(1)}`;
  return { line, failed: ours > peer || worst.off > 1e-6 };
}

function median(seconds: number[]): number {
  return seconds.toSorted((a, b) => a - b)[seconds.length >> 1];
}

/** Levels from smooth noise; outside of the ball, if it is one, 0. */
function levelCube(name: string, side: number, isBall = false) {
  const random = seededRandom(side);
  const noise = Float64Array.from({ length: side ** 3 }, () => gaussian(random));
  for (const stride of [1, side, side * side]) {
    for (let p = stride; p < noise.length; p++) noise[p] = 0.5 * (noise[p - stride] + noise[p]);
  }
  const deviation = Math.sqrt(noise.reduce((sum, x) => sum + x * x, 0) / noise.length);
  const middle = (side - 1) / 2;
  const levels = Int32Array.from(noise, (x, p) => {
    const at = [p % side, Math.floor(p / side) % side, Math.floor(p / side ** 2)].map((i) => i - middle);
    if (isBall && Math.hypot(...at) > side / 2 - 1) return 0;
    return Math.min(Math.max(Math.floor(LEVELS / 2 + (x / deviation) * (LEVELS / 6)) + 1, 1), LEVELS);
  });
  return { name, size: [side, side, side], levels };
}
