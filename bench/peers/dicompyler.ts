import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { courseFiles } from '../dvh-course.ts';
import { nelmsCases } from './nelms-set.ts';
import { pythonWith } from './python-venv.ts';

/** What dicompyler-core made of one structure set and dose. */
export interface PeerJob {
  read_s: number;
  rois: PeerRoi[];
}

export interface PeerRoi {
  name: string;
  seconds: number;
  values: Record<string, number> | { error: string };
}

export interface PeerOutput {
  versions: Record<string, string>;
  course: PeerJob;
  /** In the order of `nelmsCases`. */
  nelms: PeerJob[];
}

/** The newest releases that work together: pydicom 3 dropped what dicompyler-core imports. */
export const PACKAGES = ['dicompyler-core==0.5.6', 'pydicom<3', 'numpy<2', 'setuptools<80'];

/** dicompyler-core with its defaults on one core: the course of the bench, and the files of Nelms 2015. */
export async function runPeer(): Promise<PeerOutput> {
  const python = await pythonWith('dvh', PACKAGES);
  const folder = mkdtempSync(join(tmpdir(), 'peers-dvh-'));
  try {
    const { structureSet, dose } = courseFiles();
    const [structures, doseFile, jobsFile] = ['rs.dcm', 'rd.dcm', 'jobs.json'].map((name) => join(folder, name));
    writeFileSync(structures, structureSet);
    writeFileSync(doseFile, dose);
    writeFileSync(jobsFile, JSON.stringify([{ structures, dose: doseFile }, ...nelmsCases()]));
    const script = fileURLToPath(new URL('./dvh.py', import.meta.url));
    const { stdout } = await execa(python, [script, jobsFile], { env: { OMP_NUM_THREADS: '1' } });
    const { versions, jobs } = JSON.parse(stdout.slice(stdout.indexOf('{"versions"')));
    return { versions, course: jobs[0], nelms: jobs.slice(1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
