/**
 * The RTSTRUCT and SEG objects that a run over the sample cohort writes, as other programs see them:
 * `npm run peers:objects`. dciodvfy checks them, highdicom and plastimatch read their voxels, which are to be those of the
 * masks beside them. dciodvfy and plastimatch are Debian's dicom3tools and plastimatch; the readers come from PyPI.
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { describeError } from '../../lib/errors.ts';
import { demoCohort } from '../../lib/phantom/demo/cohort.ts';
import { conformanceErrors } from '../../test/fixtures/conformance.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['highdicom==0.28.2', 'pydicom==3.0.2', 'nibabel==5.4.2', 'numpy'];
const STAGES = ['custom_models', 'structures'];
/** Rings have holes, and pieces that touch by a corner. */
const DERIVED = [
  { name: 'bladder_ring', source_structures: ['Bladder'], ring: { inner_mm: 3, outer_mm: 9 } },
  { name: 'heart_moved', source_structures: ['Heart'], margin: { left_mm: 12, superior_mm: 7 } },
];

/** Both ways of each kind of object. */
const FORMS = [
  { segmentation_type: 'binary', contours: 'voxel' },
  { segmentation_type: 'labelmap', contours: 'smooth' },
];

/** dciodvfy of 2026 knows no label maps: it counts segments from 1 and finds no such object. */
const OF_LABEL_MAPS =
  /^Error - (SegmentNumber not monotonically increasing.*SegmentNumber of 0|Information Object Not Found)$/i;

interface Report {
  object: string;
  kind: string;
  reader: string;
  compared: number;
  voxels: number;
  differ: number;
  left_out: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'peers-objects-'));
try {
  const [input, out] = [join(folder, 'input'), join(folder, 'out')];
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('objects', PACKAGES));
  const script = fileURLToPath(new URL('./dicom-objects.py', import.meta.url));
  for (const form of FORMS) {
    await runCohort(input, out, form);
    const { stdout } = await execa(python, [script, input, out]);
    const reports = stdout.split('\n').map((line): Report => JSON.parse(line));
    for (const report of reports) tell(report, conformanceErrors(readFileSync(join(out, report.object))));
  }
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** The sample cohort through the stages that write objects. */
async function runCohort(input: string, out: string, form: (typeof FORMS)[number]): Promise<void> {
  for (const { path, bytes } of demoCohort()) {
    mkdirSync(join(input, dirname(path)), { recursive: true });
    writeFileSync(join(input, path), bytes);
  }
  const root = fileURLToPath(new URL('../../models', import.meta.url));
  const config = join(folder, 'config.yaml');
  writeFileSync(
    config,
    stringify({
      custom_models: { enabled: true, root },
      custom_structures: DERIVED,
      structures: form,
    }),
  );
  const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const args = [cli, 'run', input, '--out', out, '--config', config, '--quiet', '--stage', ...STAGES];
  await execa(process.execPath, args, { stdio: 'inherit' });
}

function tell({ object, kind, reader, compared, voxels, differ, left_out: leftOut }: Report, found?: string[]): void {
  const errors = found?.filter((error) => kind !== 'LABELMAP' || !OF_LABEL_MAPS.test(error));
  const conformance = errors ? `${errors.length} errors by dciodvfy` : 'NOT CHECKED: dciodvfy is not installed';
  const read = `${compared} structures, ${voxels} voxels, ${differ} differ`;
  console.log(`${object}: ${conformance}; ${reader}: ${[read, ...leftOut].join('; ')}`);
  for (const error of errors ?? []) console.error(`!!! ${error}`);
  if (errors?.length !== 0 || differ > 0 || leftOut.some((why) => why.includes('installed'))) process.exitCode = 1;
}
