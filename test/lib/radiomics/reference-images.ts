import { readFileSync } from 'node:fs';
import type { Mask, Volume, VoxelArray } from '#lib/image/grid.ts';
import { maskOfVolume } from '#lib/image/mask.ts';
import { readNifti } from '#lib/nifti/read-nifti.ts';
import { readNrrd } from '#lib/nifti/read-nrrd.ts';
import { sharedPath } from '../../fixtures/shared.ts';

/** A public image with its region. */
export interface Case {
  image: Volume;
  mask: Mask;
}

/** The IBSI digital phantom, CC BY 4.0; undefined when the public data are absent. */
export function digitalPhantom(): Case | undefined {
  return niftiCase('data/ibsi-digital-phantom/nifti');
}

/** The IBSI CT phantom (CC BY-NC 3.0), its intensities in the given type of numbers: they are whole. */
export function ctPhantom(type: 'float32' | 'int16' = 'float32'): Case | undefined {
  const found = niftiCase('data/ibsi-ct-phantom/nifti');
  return found && { ...found, image: { ...found.image, data: inType(found.image.data, type) } };
}

/** A test image of PyRadiomics (BSD 3-Clause). */
export function pyradiomicsCase(name: string): Case | undefined {
  const [image, label] = [`${name}_image.nrrd`, `${name}_label.nrrd`].map((file) =>
    sharedPath(`data/pyradiomics/${file}`),
  );
  if (!image || !label) return undefined;
  const labels = readNrrd(readFileSync(label));
  return { image: readNrrd(readFileSync(image)), mask: maskOfVolume(labels.grid, labels.data, 1) };
}

/** A label of single voxels that touch at edges and corners (PyRadiomics' data, BSD 3-Clause). */
export function looseVoxels(): Mask | undefined {
  const label = sharedPath('data/pyradiomics/prostate_phantom_subvolume-label.nrrd');
  if (!label) return undefined;
  const labels = readNrrd(readFileSync(label));
  return maskOfVolume(labels.grid, labels.data, 1);
}

function niftiCase(folder: string): Case | undefined {
  const [image, label] = ['image/phantom.nii.gz', 'mask/mask.nii.gz'].map((file) => sharedPath(`${folder}/${file}`));
  if (!image || !label) return undefined;
  const labels = readNifti(readFileSync(label));
  return { image: readNifti(readFileSync(image)), mask: maskOfVolume(labels.grid, labels.data, 1) };
}

function inType(data: VoxelArray, type: 'float32' | 'int16'): VoxelArray {
  return type === 'float32' ? Float32Array.from(data) : Int16Array.from(data);
}
