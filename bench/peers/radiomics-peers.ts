import { pythonWith } from './python-venv.ts';

const FLASH_PACKAGES =
  'flash-radiomics==1.0.0 numpy h5py SimpleITK pykwalify PyWavelets scipy scikit-image scikit-learn trimesh'.split(' ');
const NYXUS_PACKAGES = ['nyxus==0.11.0', 'numpy', 'pandas', 'SimpleITK'];

/** The interpreter of a virtual environment with flash-radiomics. */
export function pythonWithFlashRadiomics(): Promise<string> {
  return pythonWith('flash-radiomics', FLASH_PACKAGES, '3.12');
}

/** The interpreter of a virtual environment with Nyxus, and SimpleITK to write its files. */
export function pythonWithNyxus(): Promise<string> {
  return pythonWith('nyxus', NYXUS_PACKAGES, '3.12');
}
