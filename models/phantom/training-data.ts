import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Grid } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { writeNifti } from '#lib/nifti/write-nifti.ts';
import type { Anatomy } from '#lib/phantom/anatomy.ts';
import { paint } from '#lib/phantom/paint.ts';
import { pelvis } from '#lib/phantom/pelvis.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { thorax } from '#lib/phantom/thorax.ts';
import { seededRandom } from '#lib/random.ts';

/** Organs of the sample anatomies by the names that the model gives them, in the order of its labels. */
const ORGANS: [label: string, organ: string][] = [
  ['lung_left', 'Lung_L'],
  ['lung_right', 'Lung_R'],
  ['heart', 'Heart'],
  ['spinal_cord', 'SpinalCord'],
  ['urinary_bladder', 'Bladder'],
  ['femur_head_left', 'Femur_Head_L'],
  ['femur_head_right', 'Femur_Head_R'],
];

const CASES = 24;

/** `node training-data.ts <folder>`: images and labels in nnU-Net's raw layout. Always the same bytes. */
writeDataset(process.argv[2]);

function writeDataset(folder: string): void {
  for (const part of ['imagesTr', 'labelsTr']) mkdirSync(join(folder, part), { recursive: true });
  const random = seededRandom(20240501);
  for (let number = 0; number < CASES; number++) {
    const name = `phantom_${String(number).padStart(3, '0')}`;
    const anatomy = number % 2 === 0 ? thorax(tumourCentre(random), 8 + 14 * random()) : pelvis();
    const painted = axialGrid([96, 88, 44], [4, 4, 4.5].map((mm) => mm * (0.8 + 0.3 * random())) as Vec3, [
      30 * (random() - 0.5),
      30 * (random() - 0.5),
      60 * (random() - 0.5),
    ]);
    const grid = stretched(painted, random);
    const image = paint(painted, -1000, anatomy.tissues, 1000 + 50 * number);
    const labels = Uint8Array.from(paint(painted, 0, labelsOf(anatomy), 0));
    writeFileSync(join(folder, 'imagesTr', `${name}_0000.nii.gz`), writeNifti({ grid, data: image }, true));
    writeFileSync(join(folder, 'labelsTr', `${name}.nii.gz`), writeNifti({ grid, data: labels }, true));
  }
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(description(), null, 2));
}

function tumourCentre(random: () => number): Vec3 {
  const side = random() < 0.5 ? -1 : 1;
  return [side * (70 + 25 * random()), 20 * (random() - 0.5), 60 * (random() - 0.5)];
}

/** The same voxels with up to a tenth more or less between them: patients of other sizes. */
function stretched(grid: Grid, random: () => number): Grid {
  return { ...grid, spacingMm: grid.spacingMm.map((mm) => mm * (0.9 + 0.2 * random())) as Vec3 };
}

function labelsOf({ organs }: Anatomy) {
  return ORGANS.flatMap(([, organ], index) =>
    organs[organ] ? [{ solid: organs[organ], value: index + 1, noise: 0 }] : [],
  );
}

function description() {
  const labels = Object.fromEntries([['background', 0], ...ORGANS.map(([label], index) => [label, index + 1])]);
  return { channel_names: { 0: 'CT' }, labels, numTraining: CASES, file_ending: '.nii.gz' };
}
