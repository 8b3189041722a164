import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';
import { describeError } from '#lib/errors.ts';
import { DICOMPYLER, PYDCM, pythonOfDvhPeer } from '../peers/dvh-peers.ts';
import { pythonWithPyRadiomics } from '../peers/pyradiomics.ts';
import { pythonWithFlashRadiomics, pythonWithNyxus } from '../peers/radiomics-peers.ts';
import type { Timed } from './entry.ts';
import type { Material } from './material.ts';
import type { Missing } from './results.ts';
import { FAMILIES, familyParams, ROWS_OF_WORKBOOK } from './works.ts';

const SCRIPT = fileURLToPath(new URL('../peers/performance.py', import.meta.url));
const CT_PROFILE = new URL('../../lib/radiomics/pyradiomics/profiles/ct.yaml', import.meta.url);
/** Beside PyRadiomics in one environment, as a script of the field has them. */
const PACKAGES = 'pydicom rt-utils PyWavelets pyarrow highdicom openpyxl SimpleITK scikit-image setuptools<81'.split(
  ' ',
);

/** Functions of performance.py. */
const WORKS = ['dicom', 'masks', 'writing', 'images', 'features', 'tables', 'course'];
const ENV = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

/** The same works by Python's packages, of which each that is missing is named. */
export async function timePeers(material: Material): Promise<{ timed: Timed[]; missing: Missing[] }> {
  const file = join(material.folder, 'material.json');
  writeFileSync(file, JSON.stringify(describe(material)));
  const timed: Timed[] = [];
  const missing: Missing[] = [];
  for (const { python, works } of ENVIRONMENTS) {
    const found = await timeWorks(python, file, works);
    timed.push(...found.timed);
    missing.push(...found.missing);
  }
  for (const one of missing) console.error(`NOT TIMED: ${one.work} by ${one.by}: ${one.missing}`);
  return { timed, missing };
}

/** Packages that need others, or another Python, than the rest have environments of their own. */
const ENVIRONMENTS: { python: () => Promise<string>; works: string[] }[] = [
  { python: environment, works: WORKS },
  { python: () => pythonOfDvhPeer(DICOMPYLER), works: ['dvhs'] },
  { python: () => pythonOfDvhPeer(PYDCM), works: ['pydcm_dvhs'] },
  { python: pythonWithFlashRadiomics, works: ['flash_features'] },
  { python: pythonWithNyxus, works: ['nyxus_features'] },
];

async function timeWorks(
  python: () => Promise<string>,
  file: string,
  names: string[],
): Promise<{ timed: Timed[]; missing: Missing[] }> {
  const failed = (reason: string) => ({ work: `what follows in ${names.join(', ')}`, by: 'Python', missing: reason });
  let interpreter: string;
  try {
    interpreter = await python();
  } catch (error) {
    return { timed: [], missing: [failed(describeError(error))] };
  }
  const { stdout, stderr, exitCode } = await execa(interpreter, [SCRIPT, file, ...names], { reject: false, env: ENV });
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Timed | Missing);
  const missing = lines.filter((line): line is Missing => 'missing' in line);
  if (exitCode !== 0) missing.push(failed(stderr.slice(-500)));
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
