import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as nifti from 'nifti-reader-js';
import { readDataSet } from '#lib/dicom/read.ts';
import { patientToIndex } from '#lib/image/grid.ts';
import { type ImageSeries, readImageSeries } from '#lib/rt/image-series.ts';
import { sharedPath } from '#test/fixtures/shared.ts';

/** Public series beside the NIfTI images that their publishers made of them (data/STS_002 and data/CT phantom of IBSI). */
const SERIES = [
  {
    name: 'IBSI CT phantom',
    dicom: 'data/ibsi-ct-phantom/dicom/image',
    image: 'data/ibsi-ct-phantom/nifti/image',
    toleranceValue: 0,
  },
  {
    name: 'STS_002 CT',
    dicom: 'data/sts-002/dicom/CT/image',
    image: 'data/sts-002/nifti/CT_image.nii.gz',
    toleranceValue: 0,
  },
  {
    name: 'STS_002 PET',
    dicom: 'data/sts-002/dicom/PET/image',
    image: 'data/sts-002/nifti/PET_image.nii.gz',
    toleranceValue: 2e-6,
  },
  {
    name: 'STS_002 MR',
    dicom: 'data/sts-002/dicom/MR_T1/image',
    image: 'data/sts-002/nifti/MR_T1_image.nii.gz',
    toleranceValue: 0,
  },
];

for (const { name, dicom, image, toleranceValue } of SERIES) {
  const folder = sharedPath(dicom);
  test(`${name} has the values of its NIfTI image at every voxel`, {
    skip: folder ? false : `${dicom} is not here`,
  }, async () => {
    const series = await readFolder(folder!);
    const worst = compare(series, await readNifti(sharedPath(image)!));
    assert.ok(worst <= toleranceValue, `largest difference ${worst}`);
  });
}

async function readFolder(folder: string): Promise<ImageSeries> {
  const files: string[] = [];
  for await (const file of glob('**/*.dcm', { cwd: folder })) files.push(file);
  return readImageSeries(files.map((file) => readDataSet(readFileSync(join(folder, file)))));
}

interface Nifti {
  size: number[];
  affine: number[][];
  value: (index: number) => number;
}

async function readNifti(path: string): Promise<Nifti> {
  const files = path.endsWith('.gz')
    ? [path]
    : await Array.fromAsync(glob('*.nii.gz', { cwd: path }), (file) => join(path, file));
  const file = readFileSync(files[0]);
  const raw = new Uint8Array(gunzipSync(file)).buffer;
  const header = nifti.readHeader(raw)!;
  const body = new DataView(nifti.readImage(header, raw));
  const readers: Record<number, (i: number) => number> = {
    4: (i) => body.getInt16(2 * i, true),
    8: (i) => body.getInt32(4 * i, true),
    16: (i) => body.getFloat32(4 * i, true),
    64: (i) => body.getFloat64(8 * i, true),
  };
  const read = readers[header.datatypeCode];
  const slope = header.scl_slope || 1;
  return {
    size: header.dims.slice(1, 4),
    affine: header.affine,
    value: (i) => read(i) * slope + header.scl_inter,
  };
}

/** NIfTI's affine gives RAS: x and y change sign on the way to LPS. */
function compare({ volume }: ImageSeries, { size, affine, value }: Nifti): number {
  const [nx, ny] = volume.grid.size;
  assert.equal(size[0] * size[1] * size[2], volume.data.length);
  let worst = 0;
  for (let k = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++) {
        const [x, y, z] = affine.slice(0, 3).map((row) => row[0] * i + row[1] * j + row[2] * k + row[3]);
        const at = patientToIndex(volume.grid, [-x, -y, z]).map(Math.round);
        const ours = volume.data[at[0] + nx * (at[1] + ny * at[2])];
        worst = Math.max(worst, Math.abs(ours - value(i + size[0] * (j + size[1] * k))));
      }
  return worst;
}
