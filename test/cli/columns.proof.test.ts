import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { readJson } from '#lib/course-store/json.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { doseOf, objectsOf, planOf, structureSetOf } from '#lib/phantom/course-objects.ts';
import { type DoseField, uniform } from '#lib/phantom/dose-field.ts';
import { ctSlices, mrSlices, type PhantomImage, petSlices } from '#lib/phantom/objects/image.ts';
import { paint } from '#lib/phantom/paint.ts';
import { axialGrid, imageOf, seriesOf, studyOf } from '#lib/phantom/scene.ts';
import { sphere } from '#lib/phantom/solid.ts';
import { fileStore } from '#lib/store/file.ts';
import { resultKeys } from '#lib/store/keys.ts';
import type { DictionaryEntry } from '#lib/tables/dictionary.ts';
import type { Row } from '#lib/tables/table.ts';
import { assertSoundTables, resultTables } from '#test/fixtures/sound-tables.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const FEATURES = '{imageType: {Original: {}}, featureClass: {firstorder: [Mean, Variance], glcm: [Contrast]}}';
const CONFIG = `segmentation: {enabled: false}
dvh: {goals: [GTV Mean < 60 Gy]}
radiomics:
  params_file: ${FEATURES}
  mr_params_file: ${FEATURES}
  pet_params_file: ${FEATURES}
  ibsi: {families: [statistics]}
radiomics_robustness:
  enabled: true
  segmentation_perturbation: {apply_to_structures: [GTV], small_volume_changes: [-0.1, 0, 0.1], n_random_contour_realizations: 0}
`;

interface Patient {
  kind: PhantomImage['kind'];
  slices: typeof ctSlices;
  /** Attributes that every slice gets instead of its own. */
  edit?: DicomJson;
  dose?: DoseField;
}

/** One voxel of the dose grid, at the origin, with the greatest value that the reader of a dose may meet. */
const ABSURD_GY = 429_497;
const ODD: Record<string, Patient> = {
  hounsfield: { kind: 'ctImage', slices: ctSlices, dose: uniform(50) },
  unspecified: { kind: 'ctImage', slices: ctSlices, edit: { RescaleType: 'US' } },
  suv: { kind: 'petImage', slices: petSlices },
  becquerel: {
    kind: 'petImage',
    slices: petSlices,
    edit: { PatientWeight: '', RadiopharmaceuticalInformationSequence: [] },
  },
  signal: { kind: 'mrImage', slices: mrSlices },
  diffusion: {
    kind: 'mrImage',
    slices: mrSlices,
    edit: { SeriesDescription: 'ADC', RescaleSlope: 1, RescaleIntercept: 0, RescaleType: '10^-6 mm2/s' },
  },
  eye: { kind: 'ctImage', slices: ctSlices, dose: uniform(9896) },
  absurd: { kind: 'ctImage', slices: ctSlices, dose: (x, y, z) => (Math.hypot(x, y, z) < 1 ? ABSURD_GY : 20) },
};

let odd: string;
let plain: string;

before(async () => {
  const root = mkdtempSync(join(tmpdir(), 'rtpipeline-columns-'));
  writeFileSync(join(root, 'config.yaml'), CONFIG);
  odd = await run(root, 'odd', ODD);
  plain = await run(root, 'plain', { hounsfield: ODD.hounsfield });
});

test('no unit, modality or dose of a cohort adds, removes or changes a column', async () => {
  const dictionaries = await Promise.all(
    [plain, odd].map((out) => readJson<DictionaryEntry[]>(fileStore(out), resultKeys.dictionary)),
  );
  const names = ([table, column]: string[]) => `${table}.${column}`;
  const [few, many] = dictionaries.map((entries) => entries.map((entry) => names([entry.table, entry.column])));
  assert.deepEqual(few, many);
  assert.deepEqual(dictionaries[0], dictionaries[1]);
  assert.ok(many.length < 800, `${many.length} columns`);
});

test('keys are unique and tables join row by row', async () => {
  await assertSoundTables(fileStore(odd));
});

/** Table and unit of the features of each patient; the dictionary gives `intensity_unit` as their unit. */
const UNITS: Record<string, [table: string, unit: string]> = {
  hounsfield: ['radiomics_ct', 'HU'],
  unspecified: ['radiomics_ct', 'US'],
  suv: ['radiomics_pet', 'SUVbw'],
  becquerel: ['radiomics_pet', 'BQML'],
  signal: ['radiomics_mr', ''],
  diffusion: ['radiomics_mr', '10^-6 mm2/s'],
};
for (const [patient, [table, unit]] of Object.entries(UNITS)) {
  test(`the features of ${patient} are a row of ${table} in "${unit}"`, async () => {
    const others = patient === 'becquerel' ? [] : ['radiomics_ibsi', 'robustness_values'];
    for (const name of [table, ...others]) {
      const rows = await rowsOf(name, patient);
      const status = patient === 'becquerel' ? /^no_suv$/ : /^ok$/;
      for (const row of rows) assert.match(String(row.status), status, name);
      assert.ok(rows.length > 0, name);
      assert.deepEqual([...new Set(rows.map((row) => row.intensity_unit))], [unit], name);
    }
    const dictionary = await readJson<DictionaryEntry[]>(fileStore(odd), resultKeys.dictionary);
    const mean = dictionary.find((entry) => entry.table === table && entry.column === 'original_firstorder_Mean');
    assert.equal(mean?.unit, 'intensity_unit');
  });
}

test('a course without a dose has rows that say so, and its goals are not judged', async () => {
  const [row] = await rowsOf('dvh_metrics', 'unspecified');
  assert.deepEqual([row.status, row.reason, row.dose_uid], ['no_dose', 'the course has no dose', '']);
  // A sphere of 16 mm radius holds 17.157 cc; contours every 5 mm with half a gap at both ends are within 3 %.
  assert.ok(Math.abs(Number(row['Volume[cc]']) / 17.157 - 1) < 0.03);
  const [goal] = await rowsOf('goals', 'unspecified');
  assert.deepEqual([goal.result, goal.reason], ['not_evaluable', 'no_dose']);
});

test('metrics are correct for a dose above all V metrics', async () => {
  const [eye] = await rowsOf('dvh_metrics', 'eye');
  assert.ok(Math.abs(Number(eye['Mean[Gy]']) - 9896) < 0.01, `${eye['Mean[Gy]']}`);
  assert.equal(eye['V100Gy[%]'], 100);
  const [absurd] = await rowsOf('dvh_metrics', 'absurd');
  assert.ok(Math.abs(Number(absurd['Max[Gy]']) / ABSURD_GY - 1) < 0.001, `${absurd['Max[Gy]']}`);
  // Bins are as wide as a millionth of the greatest dose: 0.41 Gy here, and 0.01 Gy up to 10 kGy.
  assert.ok(Math.abs(Number(absurd['D98%[Gy]']) - 20) < 0.41, `${absurd['D98%[Gy]']}`);
});

async function rowsOf(table: string, patient: string): Promise<Row[]> {
  const rows = (await resultTables(fileStore(odd))).get(table)?.rows ?? [];
  return rows.filter((row) => row.patient_id === patient && row.roi_name === 'GTV');
}

async function run(root: string, name: string, patients: Record<string, Patient>): Promise<string> {
  const [input, out] = [join(root, name), join(root, `${name}-out`)];
  mkdirSync(input);
  for (const [id, patient] of Object.entries(patients))
    for (const [n, object] of objectsOfPatient(id, patient).entries())
      writeFileSync(join(input, `${id}-${n}.dcm`), writeDicom(object));
  const args = [MAIN, 'run', input, '--out', out, '--config', join(root, 'config.yaml'), '--quiet'];
  const { exitCode, stderr } = await execa(process.execPath, args, { reject: false });
  assert.equal(exitCode, 0, stderr);
  return out;
}

/** An image with a sphere in it that is drawn, and, where there is one, a dose with its plan. */
function objectsOfPatient(id: string, { kind, slices, edit, dose: field }: Patient): DicomJson[] {
  const study = studyOf(
    { id, name: `Phantom^${id}`, birthDate: '19500101', sex: 'F' },
    'COLUMNS',
    '20240101',
    'Columns',
  );
  const image = imageOf(seriesOf(study, 1, String(edit?.SeriesDescription ?? kind)), kind, [20, 20, 12], [4, 4, 5]);
  const solid = sphere([0, 0, 0], 16);
  const rois = [
    { number: 1, name: 'GTV', interpretedType: 'GTV', colorRgb: [255, 0, 0] as [number, number, number], solid },
  ];
  const set = structureSetOf(image, 2, 'SET', rois);
  const voxels = paint(image.grid, 100, [{ solid, value: 300, noise: 40 }], 1);
  const drawn = slices(image, voxels).map((slice) => ({ ...slice, ...edit }));
  if (!field) return [...drawn, ...objectsOf([set], [], [])];
  const recipe = {
    number: 3,
    label: 'PLAN',
    date: '20240102',
    fractions: 5,
    isocenterMm: [0, 0, 0] as [number, number, number],
  };
  const plan = planOf(set, { ...recipe, prescriptions: [['GTV', 50]], gantryDeg: [[0, 0]] });
  return [...drawn, ...objectsOf([set], [plan], [doseOf([plan], 4, field, axialGrid([33, 33, 25], [2, 2, 2]))])];
}
