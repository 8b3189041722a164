import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';
import { pythonWithPyRadiomics } from '../peers/pyradiomics.ts';
import { pythonWith } from '../peers/python-venv.ts';
import type { Timed } from './entry.ts';
import type { Material } from './material.ts';
import type { Missing } from './results.ts';
import { FAMILIES, familyParams, ROWS_OF_WORKBOOK } from './works.ts';

const SCRIPT = fileURLToPath(new URL('../peers/performance.py', import.meta.url));
const CT_PROFILE = new URL('../../lib/radiomics/pyradiomics/profiles/ct.yaml', import.meta.url);
/** Beside PyRadiomics in one environment, as a script of the field has them. */
const PACKAGES = 'pydicom rt-utils PyWavelets pyarrow highdicom openpyxl SimpleITK setuptools<81'.split(' ');
/** dicompyler-core imports what pydicom 3 dropped. */
const DVH_PACKAGES = ['dicompyler-core==0.5.6', 'pydicom<3', 'numpy<2', 'setuptools<80'];

/** The same works by Python's packages, of which each that is missing is named. */
export async function timePeers(material: Material): Promise<{ timed: Timed[]; missing: Missing[] }> {
  const file = join(material.folder, 'material.json');
  writeFileSync(file, JSON.stringify(describe(material)));
  const most = await timeWorks(await environment(), file, WORKS);
  const dvhs = await timeWorks(await pythonWith('performance-dvh', DVH_PACKAGES), file, ['dvhs']);
  const missing = [...most.missing, ...dvhs.missing];
  for (const one of missing) console.error(`NOT TIMED: ${one.work} by ${one.by}: ${one.missing}`);
  return { timed: [...most.timed, ...dvhs.timed], missing };
}

/** Functions of performance.py. */
const WORKS = ['dicom', 'masks', 'writing', 'images', 'features', 'tables', 'course'];

async function timeWorks(
  python: string,
  file: string,
  names: string[],
): Promise<{ timed: Timed[]; missing: Missing[] }> {
  const { stdout, stderr, exitCode } = await execa(python, [SCRIPT, file, ...names], { reject: false });
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Timed | Missing);
  const missing = lines.filter((line): line is Missing => 'missing' in line);
  if (exitCode !== 0)
    missing.push({ work: `what follows in ${names.join(', ')}`, by: 'Python', missing: stderr.slice(-500) });
  return { timed: lines.filter((line): line is Timed => 'seconds' in line), missing };
}

async function environment(): Promise<string> {
  const python = await pythonWithPyRadiomics();
  await execa(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  return python;
}

function describe({ headers, course, ball, table, set }: Material): object {
  return {
    headers: headers.folder,
    ...course,
    image: ball.imageFile,
    mask: ball.maskFile,
    families: Object.fromEntries(FAMILIES.map((family) => [family, familyParams(family)])),
    table: { rows: table.rows.length, columns: table.columns.length, workbookRows: ROWS_OF_WORKBOOK },
    courseParams: parse(readFileSync(CT_PROFILE, 'utf8')),
    courseRois: set.rois.map(({ name }) => name).filter((name) => name !== 'BODY'),
  };
}
