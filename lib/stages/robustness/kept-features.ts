import { codeDigest } from '../../code-digest.ts';
import type { StageContext } from '../../course-store/context.ts';
import { readJsonIfAny, sha256, stableJson, writeJson } from '../../course-store/json.ts';
import type { Volume } from '../../image/grid.ts';
import type { PerturbedFeatures } from '../../robustness/task.ts';
import { courseKeys } from '../../store/keys.ts';
import type { GeometryMask, StructureToPerturb } from './masks.ts';

/** Features of a structure under one level of noise, kept until the table of the course is written. */
export interface KeptFeatures {
  /** Undefined when there are none, or they follow from something else. */
  read(structure: StructureToPerturb, noiseHu: number): Promise<PerturbedFeatures[] | undefined>;
  write(structure: StructureToPerturb, noiseHu: number, features: PerturbedFeatures[]): Promise<void>;
}

interface KeptFile {
  digest: string;
  features: (Omit<PerturbedFeatures, 'values'> & { values: (number | string)[] })[];
}

/** So a run that was interrupted goes on with the next structure. */
export function keptFeatures(
  { courseId, image, names, force }: { courseId: string; image: Volume; names: string[]; force: boolean },
  { store }: StageContext,
): KeptFeatures {
  const of = sha256(stableJson([codeDigest().all, image.grid, digestOf(image.data), names]));
  const keyOf = ({ record }: StructureToPerturb, noiseHu: number) =>
    courseKeys(courseId).file('robustness', `${KEPT}${record.number}-${noiseHu}.json`);
  const digestFor = ({ settings, masks }: StructureToPerturb, noiseHu: number) =>
    sha256(stableJson([of, settings, noiseHu, [...masks].map(([id, { made }]) => [id, maskDigest(made)])]));
  return {
    async read(structure, noiseHu) {
      const key = keyOf(structure, noiseHu);
      const file = force ? undefined : await readJsonIfAny<KeptFile>(store, key);
      if (file?.digest !== digestFor(structure, noiseHu)) return undefined;
      return file.features.map((one) => ({ ...one, values: Float64Array.from(one.values, Number) }));
    },
    async write(structure, noiseHu, features) {
      const key = keyOf(structure, noiseHu);
      const plain = features.map((one) => ({ ...one, values: Array.from(one.values, textUnlessFinite) }));
      await writeJson(store, key, { digest: digestFor(structure, noiseHu), features: plain } satisfies KeptFile);
    },
  };
}

/** Once they are in the table of the course, those of structures that are no more too. */
export async function forgetKept(courseId: string, { store }: StageContext): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(courseKeys(courseId).file('robustness', KEPT))) keys.push(key);
  for (const key of keys) await store.delete(key);
}

const KEPT = 'kept/';

/** JSON has no NaN and no infinities. */
function textUnlessFinite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function maskDigest(made: GeometryMask['made']): unknown {
  return 'status' in made ? made.reason : [made.mask.box, digestOf(made.mask.data)];
}

function digestOf(data: Volume['data']): string {
  return sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
