import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { pythonWith } from './python-venv.ts';

/** A program that makes DVHs of files, by a script that writes `PeerOutput` as JSON. */
export interface DvhPeer {
  name: string;
  script: string;
  packages: string[];
  /** Of Python, where the newest release of the peer needs a newer one. */
  python?: string;
}

/** The newest releases that work together: pydicom 3 dropped what dicompyler-core imports. */
export const DICOMPYLER: DvhPeer = {
  name: 'dicompyler-core',
  script: './dvh_dicompyler.py',
  packages: ['dicompyler-core==0.5.6', 'pydicom<3', 'numpy<2', 'setuptools<80'],
};

export const PYDCM: DvhPeer = {
  name: 'pydcm',
  script: './dvh_pydcm.py',
  packages: ['pydcm==0.5.0', 'numpy'],
  python: '3.12',
};

export interface PeerOutput {
  versions: Record<string, string>;
  /** In the order of the files. */
  jobs: PeerJob[];
  /** CPU time of the whole process, from its start, s. */
  process_s: number;
}

/** What a peer made of one structure set and dose; times are CPU times, s. */
export interface PeerJob {
  read_s: number;
  rois: PeerRoi[];
}

export interface PeerRoi {
  name: string;
  seconds: number;
  values: Record<string, number> | { error: string };
}

export function pythonOfDvhPeer({ name, packages, python }: DvhPeer): Promise<string> {
  return pythonWith(`dvh-${name}`, packages, python);
}

/** A peer with its defaults on one core, in a process of its own, on files of structure sets and doses. */
export async function runPeer(peer: DvhPeer, jobs: { structures: string; dose: string }[]): Promise<PeerOutput> {
  const python = await pythonOfDvhPeer(peer);
  const folder = mkdtempSync(join(tmpdir(), 'peers-dvh-'));
  try {
    const list = join(folder, 'jobs.json');
    writeFileSync(list, JSON.stringify(jobs.map(({ structures, dose }) => ({ structures, dose }))));
    const script = fileURLToPath(new URL(peer.script, import.meta.url));
    const { stdout } = await execa(python, [script, list], {
      env: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    return JSON.parse(stdout.slice(stdout.indexOf('{"versions"')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
