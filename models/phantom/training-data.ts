import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import { phantomCases } from './phantom-cases.ts';

/** The test of the model takes another seed. */
const SEED = 20240501;
const CASES = 60;

/** `node training-data.ts <folder>`: an image and its labels for each case. Always the same bytes. */
writeCases(process.argv[2]);

function writeCases(folder: string): void {
  mkdirSync(folder, { recursive: true });
  let number = 0;
  for (const { image, labels } of phantomCases(SEED, CASES)) {
    const name = `phantom_${String(number++).padStart(3, '0')}`;
    writeFileSync(join(folder, `${name}_image.nii.gz`), writeNifti(image, true));
    writeFileSync(join(folder, `${name}_labels.nii.gz`), writeNifti({ grid: image.grid, data: labels }, true));
  }
}
