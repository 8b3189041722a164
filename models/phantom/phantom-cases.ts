import type { Grid, Volume } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import type { Anatomy } from '#lib/phantom/anatomy.ts';
import { paint, type Tissue } from '#lib/phantom/paint.ts';
import { pelvis } from '#lib/phantom/pelvis.ts';
import { axialGrid } from '#lib/phantom/scene.ts';
import { box, cylinder, ellipsoid, sphere } from '#lib/phantom/solid.ts';
import { thorax } from '#lib/phantom/thorax.ts';
import { type Random, seededRandom } from '#lib/random.ts';

/** Organs of the sample anatomies by the names that the model gives them, in the order of its labels. */
export const ORGANS: [label: string, organ: string][] = [
  ['lung_left', 'Lung_L'],
  ['lung_right', 'Lung_R'],
  ['heart', 'Heart'],
  ['urinary_bladder', 'Bladder'],
  ['femur_head_left', 'Femur_Head_L'],
  ['femur_head_right', 'Femur_Head_R'],
];

export interface PhantomCase {
  kind: string;
  image: Volume;
  /** 0, or the place of the organ in `ORGANS` plus one. */
  labels: Uint8Array;
}

/** What an image shows. The last four have none of the organs, but air in and around the body. */
const KINDS: [kind: string, anatomyOf: (random: Random) => Anatomy][] = [
  ['thorax', (random) => thorax(tumourCentre(random), 8 + 14 * random())],
  ['pelvis', () => pelvis()],
  ['abdomen', abdomen],
  ['thorax', (random) => thorax(tumourCentre(random), 8 + 14 * random())],
  ['head', head],
  ['pelvis', () => pelvis()],
  ['thorax', (random) => thorax(tumourCentre(random), 8 + 14 * random())],
  ['water', waterPhantom],
  ['pelvis', () => pelvis()],
  ['couch', emptyCouch],
];

/** Images and labels that follow from the seed alone: one kind after the other, with other sizes, fields and noise. */
export function* phantomCases(seed: number, count: number): Generator<PhantomCase> {
  const random = seededRandom(seed);
  for (let number = 0; number < count; number++) {
    const [kind, anatomyOf] = KINDS[number % KINDS.length];
    yield caseOf(kind, anatomyOf(random), random);
  }
}

function caseOf(kind: string, { organs, tissues }: Anatomy, random: Random): PhantomCase {
  const painted = fieldOf(random);
  const air: Tissue = {
    solid: box([0, 0, 0], [600, 600, 600]),
    value: -1000,
    noise: random() < 0.5 ? 0 : 20 * random(),
  };
  const labelled = ORGANS.flatMap(([, organ], index) =>
    organs[organ] ? [{ solid: organs[organ], value: index + 1, noise: 0 }] : [],
  );
  const seed = Math.floor(1e6 * random());
  const data = paint(painted, -1000, [air, ...tissues], seed);
  return {
    kind,
    image: { grid: stretched(painted, random), data },
    labels: Uint8Array.from(paint(painted, 0, labelled, 0)),
  };
}

/** From a field that cuts the body off at the sides to one with much air around it. */
function fieldOf(random: Random): Grid {
  const between = (least: number, most: number) => least + (most - least) * random();
  const spacing: Vec3 = [between(3, 5), between(3, 5), between(3, 5.5)];
  const extent: Vec3 = [between(300, 500), between(230, 480), between(110, 260)];
  const size = extent.map((mm, axis) => Math.round(mm / spacing[axis])) as Vec3;
  return axialGrid(size, spacing, [between(-20, 20), between(-20, 20), between(-50, 50)]);
}

/** The same voxels with up to a tenth more or less between them: patients of other sizes. */
function stretched(grid: Grid, random: Random): Grid {
  return { ...grid, spacingMm: grid.spacingMm.map((mm) => mm * (0.9 + 0.2 * random())) as Vec3 };
}

function tumourCentre(random: Random): Vec3 {
  const side = random() < 0.5 ? -1 : 1;
  return [side * (55 + 40 * random()), 20 * (random() - 0.5), 80 * (random() - 0.5)];
}

/** A trunk between chest and pelvis: liver, kidneys and spine, with gas in the bowel. */
function abdomen(random: Random): Anatomy {
  const within = (halfMm: number) => 2 * halfMm * (random() - 0.5);
  const gas = Array.from({ length: 6 }, () => ({
    solid: ellipsoid(
      [within(110), -20 + within(45), within(110)],
      [8 + 22 * random(), 8 + 16 * random(), 8 + 26 * random()],
    ),
    value: -1000 + 250 * random(),
    noise: 20,
  }));
  const tissues: Tissue[] = [
    { solid: cylinder([0, 0, 0], [170 + within(10), 112], 400), value: -92, noise: 10 },
    { solid: cylinder([0, 0, 0], [152, 94], 400), value: 42, noise: 12 },
    { solid: ellipsoid([-70, -10, 40], [70, 60, 75]), value: 60, noise: 10 },
    { solid: ellipsoid([70, 45, 10], [24, 20, 45]), value: 35, noise: 10 },
    { solid: ellipsoid([-70, 45, 0], [24, 20, 45]), value: 35, noise: 10 },
    { solid: box([0, 70, 0], [24, 20, 400]), value: 280, noise: 55 },
    ...gas,
  ];
  return { organs: {}, tissues };
}

/** A skull with brain, sinuses and airway. */
function head(random: Random): Anatomy {
  const tissues: Tissue[] = [
    { solid: cylinder([0, 20, -100], [60, 60], 60), value: 40, noise: 12 },
    { solid: ellipsoid([0, 0, 20], [78, 98, 110]), value: -60, noise: 15 },
    { solid: ellipsoid([0, 0, 20], [73, 92, 104]), value: 700, noise: 90 },
    { solid: ellipsoid([0, 0, 24], [66, 85, 96]), value: 35, noise: 6 },
    { solid: ellipsoid([0, -70, -40], [26, 20 + 8 * random(), 24]), value: -950, noise: 15 },
    { solid: cylinder([0, -10, -110], [10, 10], 60), value: -980, noise: 5 },
    { solid: box([0, 55, -110], [18, 16, 60]), value: 320, noise: 60 },
  ];
  return { organs: {}, tissues };
}

/** A measuring phantom: water with air holes and rods of bone and of foam. */
function waterPhantom(random: Random): Anatomy {
  const values = [-1000, -800, -500, -120, 60, 400, 900];
  const rods = values.map((value, index) => {
    const angle = (2 * Math.PI * (index + random())) / values.length;
    const radius = 10 + 14 * random();
    return { solid: cylinder([70 * Math.cos(angle), 55 * Math.sin(angle), 0], [radius, radius], 90), value, noise: 8 };
  });
  const water = cylinder([0, 0, 0], [110 + 60 * random(), 100], 120 + 60 * random());
  return { organs: {}, tissues: [{ solid: water, value: 0, noise: 6 }, ...rods] };
}

/** A couch, and at most a ball of plastic on it. */
function emptyCouch(random: Random): Anatomy {
  return {
    organs: {},
    tissues: [
      { solid: box([0, 125, 0], [240, 10, 400]), value: -650, noise: 4 },
      { solid: sphere([60 * random(), 80, 40 * random()], 45 * random()), value: 110, noise: 5 },
    ],
  };
}
