import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readDataSet } from '#lib/dicom/read.ts';
import { CURVE_COLUMNS } from '#lib/dvh/metrics/columns.ts';
import { BadInput } from '#lib/errors.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { type DvhCommand, dvhOfFiles } from '../../../cli/commands/dvh.ts';

const folder = mkdtempSync(join(tmpdir(), 'dvh-command-'));
after(() => rmSync(folder, { recursive: true }));

/** A generated pelvis: seven ROIs, a plan of 70 Gy and its dose. */
const files: Record<string, string> = { image: join(folder, 'image') };
mkdirSync(files.image);
for (const { path, bytes } of generatedCohort({ courses: 1, slices: 40, rows: 32, columns: 32, seed: 1 })) {
  const modality = readDataSet(bytes).text('Modality');
  const place = join(modality === 'CT' ? files.image : folder, `${path.replace('/', '-')}.dcm`);
  writeFileSync(place, bytes);
  if (modality !== 'CT') files[modality] = place;
}
const usual: DvhCommand = {
  struct: files.RTSTRUCT,
  dose: files.RTDOSE,
  plan: files.RTPLAN,
  image: files.image,
  roi: [],
  endCap: 'half-gap',
  metric: [],
  format: 'csv',
};

test('dvh prints one CSV row per ROI with the columns of the tables; curves and findings go elsewhere', async () => {
  const curves = join(folder, 'curves.csv');
  const { stdout } = await run('--plan', files.RTPLAN, '--image', files.image, '--curves', curves);
  const [header, ...rows] = stdout.trim().split('\r\n');
  const { columns } = await dvhOfFiles(usual);
  assert.equal(header, columns.map((column) => column.name).join(','));
  assert.deepEqual(
    rows.map((row) => row.split(',')[0]),
    ['BODY', 'Bladder', 'Rectum', 'Femur_Head_L', 'Femur_Head_R', 'CTV_7000', 'PTV_7000'],
  );
  assert.ok(rows.every((row) => row.includes(',ok,')));
  const [curveHeader, ...points] = readFileSync(curves, 'utf8').trim().split('\r\n');
  assert.equal(curveHeader, CURVE_COLUMNS.map((column) => column.name).join(','));
  assert.equal(new Set(points.map((point) => point.split(',')[0])).size, 7);
});

test('dvh prints JSON for chosen ROIs and metrics, with another end cap', async () => {
  const { stdout, stderr } = await run('--format', 'json', '--roi', '*TV_7000', 'rect*', '--end-cap', 'none', '--metric', 'D95%[Gy]'); // biome-ignore format: a command line
  const rows = JSON.parse(stdout);
  assert.deepEqual(
    rows.map((row: Record<string, unknown>) => [
      row.roi_name,
      row.end_cap,
      row['end_cap_volume[cc]'],
      'D95%[Gy]' in row,
      'Mean[Gy]' in row,
    ]),
    ['Rectum', 'CTV_7000', 'PTV_7000'].map((name) => [name, 'none', 0, true, false]),
  );
  assert.match(stderr, /warning DOSE_WITHOUT_PLAN/);
});

test('the end cap adds the stated volume', async () => {
  const volume = async (endCap: 'none' | 'half-gap' | 'full') => {
    const { rows } = await dvhOfFiles({ ...usual, endCap, roi: ['Rectum'], metric: ['Volume[cc]'] });
    return (rows[0]['Volume[cc]'] as number) - (rows[0]['end_cap_volume[cc]'] as number);
  };
  const none = await volume('none');
  for (const endCap of ['half-gap', 'full'] as const) assert.ok(Math.abs((await volume(endCap)) - none) < 1e-9);
});

test('the prescription comes from the plan, and a plan of another dose is reported', async () => {
  const { rows, findings } = await dvhOfFiles({ ...usual, roi: ['Rectum', 'PTV_7000'] });
  assert.deepEqual(rows.map((row) => row['prescription[Gy]']), [70, 70]); // biome-ignore format: one line
  assert.ok(!findings.some(({ code }) => code === 'PLAN_NOT_OF_DOSE'));
  const uid = readDataSet(readFileSync(files.RTPLAN)).text('SOPInstanceUID');
  const otherUid = `${uid.slice(0, -1)}${(Number(uid.at(-1)) + 1) % 10}`;
  const plan = changed(files.RTPLAN, uid, otherUid);
  const other = await dvhOfFiles({ ...usual, plan, roi: ['Rectum'] });
  assert.deepEqual(
    other.findings.filter(({ code }) => code === 'PLAN_NOT_OF_DOSE').map(({ where }) => where),
    [otherUid],
  );
});

test('metrics of a relative dose have a relative unit or are left out', async () => {
  const dose = changed(files.RTDOSE, '\x04\x30\x02\x00CS\x02\x00GY', '\x04\x30\x02\x00CS\x08\x00RELATIVE');
  const mean = async (more: Partial<DvhCommand>) =>
    (await dvhOfFiles({ ...usual, dose, roi: ['PTV_7000'], ...more })).rows[0];
  const without = await mean({});
  assert.deepEqual([without.status, without.reason, without['Mean[Gy]']], ['failed', 'the dose is relative', null]);
  const gray = await mean({ dose: files.RTDOSE });
  const half = await mean({ relativeUnit: '0.5' });
  assert.ok(Math.abs((half['Mean[Gy]'] as number) - (gray['Mean[Gy]'] as number) / 2) < 1e-6);
});

const REFUSED: [name: string, options: Partial<Record<keyof DvhCommand, unknown>>, message: RegExp][] = [
  ['a dose instead of structures', { struct: files.RTDOSE }, /must be an RTSTRUCT, but its modality is RTDOSE/],
  ['structures instead of a dose', { dose: files.RTSTRUCT }, /must be an RTDOSE, but its modality is RTSTRUCT/],
  ['a dose instead of a plan', { plan: files.RTDOSE }, /must be an RTPLAN, but its modality is RTDOSE/],
  ['a file that is not there', { dose: join(folder, 'nothing.dcm') }, /cannot read the file/],
  ['no such ROI', { roi: ['Spleen'] }, /no ROI matches.*BODY/],
  ['no such metric', { metric: ['D95'] }, /"D95" is not a DVH metric/],
  ['no such end cap', { endCap: 'round' }, /--end-cap must be/],
  ['no such format', { format: 'xml' }, /--format must be/],
  ['no such unit', { relativeUnit: 'Gy' }, /--relative-unit must be/],
];

for (const [name, options, message] of REFUSED)
  test(`dvh refuses ${name} with a reason`, async () => {
    await assert.rejects(dvhOfFiles({ ...usual, ...options } as DvhCommand), (error: unknown) => {
      assert.ok(error instanceof BadInput);
      assert.match(error.message, message);
      return true;
    });
  });

function run(...options: string[]) {
  const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url));
  const given = ['--struct', files.RTSTRUCT, '--dose', files.RTDOSE];
  return promisify(execFile)(process.execPath, [main, 'dvh', ...given, ...options]);
}

/** A copy of a file in which some bytes are others. */
function changed(path: string, from: string, to: string): string {
  const bytes = readFileSync(path, 'latin1');
  assert.ok(bytes.includes(from));
  const place = join(folder, `changed-${to.length}.dcm`);
  writeFileSync(place, bytes.replaceAll(from, to), 'latin1');
  return place;
}
