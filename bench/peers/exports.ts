/**
 * What `rtpipeline export` writes of the sample cohort, as other programs see it: `npm run peers:exports`. SimpleITK, nibabel
 * and pynrrd read every file and compare grids and voxels; nnU-Net checks the integrity of its dataset, and bids-validator
 * the BIDS dataset. LibreOffice opens the workbook, and its cells are compared with the CSV files.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describeError } from '../../lib/errors.ts';
import { demoCohort } from '../../lib/phantom/demo/cohort.ts';
import { pythonWith } from './python-venv.ts';
import { compareWorkbook } from './workbook.ts';

const PACKAGES = ['SimpleITK==2.5.7', 'nibabel==5.4.2', 'pynrrd', 'numpy', 'nnunetv2', 'bids-validator-deno'];
const CLI = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const LABELS = ['Bladder', 'Rectum', 'Femur_Head_L'];

interface Report {
  counts: Record<string, number>;
  faults: string[];
  not_run: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'peers-exports-'));
try {
  const out = await runCohort();
  await tellWorkbook(join(out, 'results'));
  for (const layout of ['slicer', 'bids', 'nnunet']) await exportTo(layout, out);
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('exports', PACKAGES));
  const script = fileURLToPath(new URL('./exports.py', import.meta.url));
  const { stdout } = await execa(python, [script, join(folder, 'exports')], { stderr: 'inherit' });
  tell(JSON.parse(stdout.split('\n').at(-1) ?? ''));
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function runCohort(): Promise<string> {
  const [input, out] = [join(folder, 'input'), join(folder, 'out')];
  for (const { path, bytes } of demoCohort()) {
    mkdirSync(join(input, dirname(path)), { recursive: true });
    writeFileSync(join(input, path), bytes);
  }
  const args = [CLI, 'run', input, '--out', out, '--quiet', '--stage', 'structures', 'dvh'];
  await execa(process.execPath, args, { stdio: 'inherit' });
  return out;
}

/** Some courses cannot be exported, and the command says which: that is no failure here. */
async function exportTo(layout: string, out: string): Promise<void> {
  const labels = layout === 'nnunet' ? ['--structures', ...LABELS] : [];
  const args = [CLI, 'export', out, '--to', layout, '--out', join(folder, 'exports', layout), ...labels];
  await execa(process.execPath, args, { stdio: 'inherit', reject: false });
}

async function tellWorkbook(results: string): Promise<void> {
  try {
    const { cells, faults } = await compareWorkbook(results, join(folder, 'sheets'));
    tell({ counts: { 'cells of the workbook agree in LibreOffice': cells }, faults, not_run: [] });
  } catch (error) {
    tell({ counts: {}, faults: [], not_run: [`LibreOffice: ${describeError(error)}`] });
  }
}

function tell({ counts, faults, not_run: notRun }: Report): void {
  console.log(
    Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  );
  for (const fault of faults) console.error(`!!! ${fault}`);
  for (const part of notRun) console.error(`!!! NOT RUN: ${part}`);
  if (faults.length > 0 || notRun.length > 0) process.exitCode = 1;
}
