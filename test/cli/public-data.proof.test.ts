import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readJson } from '#lib/course-store/json.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import { fromParquet } from '#lib/tables/parquet.ts';
import type { Row } from '#lib/tables/table.ts';
import { absent, sharedPath } from '#test/fixtures/shared.ts';
import { assertSoundTables } from '#test/fixtures/sound-tables.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const data = sharedPath('data');
const skip = absent('data');

/** On the voxels as they are, so that plain statistics of the NIfTI files are the truth. */
const PARAMETERS = '{setting: {binWidth: 25}, imageType: {Original: {}}, featureClass: {firstorder: []}}';
const CONFIG = `radiomics: {params_file: ${PARAMETERS}, mr_params_file: ${PARAMETERS}, pet_params_file: ${PARAMETERS}}\n`;

let out: string;
let exitCode: number | undefined;

before(async () => {
  if (!data) return;
  const folder = await mkdtemp(join(tmpdir(), 'rtpipeline-public-'));
  out = join(folder, 'out');
  await writeFile(join(folder, 'config.yaml'), CONFIG);
  const args = ['run', data, '--out', out, '--config', join(folder, 'config.yaml'), '--quiet'];
  ({ exitCode } = await execa(process.execPath, [MAIN, ...args], { reject: false, stdio: 'inherit' }));
});

async function table(name: string): Promise<Row[]> {
  return (await fromParquet(await fileStore(out).get(resultKeys.table(name, 'parquet')))).rows;
}

test('all public data in one run: no course fails and every file is accounted for', { skip }, async () => {
  assert.equal(exitCode, 0);
  const { counts } = await readJson<{ counts: Record<string, number> }>(fileStore(out), resultKeys.run);
  assert.equal(counts.files, counts.notDicom + counts.instances);
  assert.equal(counts.instances, counts.duplicates + counts.assigned + counts.unassigned);
});

test('keys are unique and tables join row by row, with several structure sets and doses in a course', {
  skip,
}, async () => {
  await assertSoundTables(fileStore(out));
  const metrics = await table('dvh_metrics');
  const counts = Map.groupBy(metrics, (row) => row.course_id).values();
  const many = [...counts].map((rows) => [
    new Set(rows.map((row) => row.structure_set_uid)).size,
    new Set(rows.map((row) => row.dose_uid)).size,
  ]);
  assert.ok(
    many.some(([sets, doses]) => sets > 1 && doses > 1),
    JSON.stringify(many),
  );
});

/** Voxels of each mask: data/ibsi-ct-phantom/SOURCE.md and data/sts-002/SOURCE.md. */
const MASKS: [roi: string, modality: string, voxels: number, image: string, mask: string][] = [
  ['GTV-1', 'ct', 125256, 'ibsi-ct-phantom/nifti/image/phantom.nii.gz', 'ibsi-ct-phantom/nifti/mask/mask.nii.gz'],
  ['GTV_Mass_CT', 'ct', 17090, 'sts-002/nifti/CT_image.nii.gz', 'sts-002/nifti/CT_mask.nii.gz'],
  ['GTV_Mass_PET', 'pet', 555, 'sts-002/nifti/PET_image.nii.gz', 'sts-002/nifti/PET_mask.nii.gz'],
  ['GTV_Mass_MR_T1', 'mr', 17090, 'sts-002/nifti/MR_T1_image.nii.gz', 'sts-002/nifti/MR_T1_mask.nii.gz'],
];

for (const [roi, modality, voxels, imageFile, maskFile] of MASKS) {
  test(`${roi} has the voxels of its public mask, and their first-order statistics`, { skip }, async () => {
    const structure = (await table('structures')).find((row) => row.roi_name === roi);
    assert.equal(structure?.voxels, voxels);
    const features = (await table(`radiomics_${modality}`)).find((row) => row.roi_name === roi);
    assert.equal(features?.status, 'ok');
    if (modality === 'mr') return; // T1 images are normalised first: their plain statistics are no truth.
    const { mean, min, max } = statistics(imageFile, maskFile);
    // The NIfTI images hold float32 of the same rescaled values; PET also of the same SUV factor.
    for (const [name, expected] of [
      ['Mean', mean],
      ['Minimum', min],
      ['Maximum', max],
    ] as const) {
      const value = Number(features?.[`original_firstorder_${name}`]);
      assert.ok(Math.abs(value - expected) <= 1e-5 * Math.abs(expected), `${name}: ${value}, expected ${expected}`);
    }
  });
}

function statistics(imageFile: string, maskFile: string): { mean: number; min: number; max: number } {
  const [image, mask] = [imageFile, maskFile].map(
    (file) => readNifti(new Uint8Array(readFileSync(join(data ?? '', file)))).data,
  );
  const inside = Array.from(image).filter((_, i) => mask[i] !== 0);
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
  return { mean, min: inside.reduce((a, b) => Math.min(a, b)), max: inside.reduce((a, b) => Math.max(a, b)) };
}

test('the analytic shapes have their exact volumes and mean doses', { skip }, async () => {
  const rows = (await table('dvh_metrics')).filter(
    (row) => /^(Sphere|Cylinder)_/.test(String(row.roi_name)) && row.status === 'ok',
  );
  assert.ok(rows.length >= 36, `${rows.length} rows`);
  const misfits = rows.filter((row) => {
    const [shape, tenthsOfMm] = String(row.roi_name).split('_');
    // Nelms et al. 2015 (doi:10.1118/1.4923175): half a slice at both ends of the cylinder; the sphere is the sphere.
    const heightMm = 24 + Number(tenthsOfMm) / 10;
    const volumeCc = shape === 'Sphere' ? (4 / 3) * Math.PI * 1.728 : (Math.PI * 144 * heightMm) / 1000;
    const isVolume = Math.abs(Number(row['Volume[cc]']) / volumeCc - 1) <= 0.005;
    // 16 Gy at the centre, 1 Gy/mm; shapes shifted by half a slice of at most 1.5 mm follow the gradient.
    return !isVolume || Math.abs(Number(row['Mean[Gy]']) - 16) > 1.6;
  });
  assert.deepEqual(
    misfits.map((row) => [row.roi_name, row['Volume[cc]'], row['Mean[Gy]']]),
    [],
  );
});
