import { execa } from 'execa';
import { pythonWith } from './python-venv.ts';

const BUILD_PACKAGES = ['numpy', 'cython', 'versioneer', 'setuptools', 'wheel'];
/** The archive of 3.1.0 names another version inside, so that pip refuses it. */
const PACKAGE = 'pyradiomics==3.0.1';
/** Built here, against the NumPy beside it: a wheel that pip kept may have been built against another. */
const OPTIONS = ['--quiet', '--disable-pip-version-check', '--no-build-isolation', '--no-cache-dir'];

/** The interpreter of a virtual environment with PyRadiomics. */
export async function pythonWithPyRadiomics(): Promise<string> {
  const python = await pythonWith('radiomics', BUILD_PACKAGES);
  await execa(python, ['-m', 'pip', 'install', ...OPTIONS, PACKAGE]);
  return python;
}
