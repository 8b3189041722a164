/** Prints docs/dvh.md. Needs python3 for dicompyler-core and the files of Nelms 2015 (npm run test:data). */

import { absent } from '#test/fixtures/shared.ts';
import { gridTable, missedTable, phantomTable } from './dvh-phantoms.ts';
import { raystationTable } from './dvh-raystation.ts';
import { runPeer } from './peers/dicompyler.ts';
import { errorTable, ourErrors, peerErrors } from './peers/dvh-errors.ts';
import { nelmsCases } from './peers/nelms-set.ts';

const cases = nelmsCases();
if (cases.length === 0) throw new Error(String(absent('data/dvh-analytic')));
const { nelms, versions } = await runPeer();
const peer = peerErrors(
  cases,
  nelms.map((job) => job.rois),
);

console.log(`# Dose-volume histograms

Made by \`npm run docs:dvh\`; do not edit.

## What is measured

- **The planes.** Masks and DVHs read the planes of contours by one rule. Contours less than 0.1 mm apart lie on one plane. A
  contour may leave its plane by 1 mm. Planes are parallel up to 2.5 degrees; of several orientations the one that encloses
  the most area counts. A contour that is stored again, from whichever point and in whichever sense, counts once, but for
  the type CLOSEDPLANAR_XOR. On a plane the even-odd rule decides what is inside, keyhole channels included. What is left
  out is a finding.
- **The gaps.** Gaps are counted in slices of the image where the contours are parallel to them, else in millimetres. The ROI
  goes on over gaps of up to 1.5 times the usual one (the lower median), or where no slice of the image lies between.
  It also goes on, with a finding that tells the volume at stake (\`CONTOUR_GAP_FILLED\`), where one contour is missing (up
  to 2.25 usual gaps, 2 and room for uneven slices) between shapes that lie over each other, and where the gaps beside are as
  wide, up to 3 usual gaps. The figure 3 is a convention: no file tells a sparse drawing from two gaps around a stray
  contour, so that the finding names the volume either way. Other gaps stay open (\`CONTOUR_GAP_KEPT\`, with the volume), as
  do all above \`structures.max_contour_gap_mm\`. Where planes state their thickness (ContourSlabThickness of at least half a
  slice), they go on when they touch, and only then. A plane without neighbours stands for its stated thickness, else for a
  slice of the image.
- **The solid.** Between planes the shapes are blended (\`surface\`) or kept to the middle between the planes (\`prism\`). A
  blend has the area of a cubic through the planes that an edge on one of them does not bend. Contours that are convex but
  for noise are joined by their convex hull (Keppel 1975, doi:10.1147/rd.191.0002), which bulges where the next contours
  tell of a round side: edges and tips stay sharp, flat ends flat. Others are blended by signed distances (Raya and Udupa
  1990, doi:10.1109/42.52980), which rounds edges. A piece ends where nothing lies over it on the next plane.
- **End caps.** Beyond the last contour a piece goes on. \`rounded\`, the default, extrapolates its last areas to where they
  vanish: by the parabola through three of them, which is exact of spheres, ellipsoids and cones, or a power of them that
  fits better. Convex contours shrink to their centre, which goes on as it moved before; others wear off from their border.
  No contour lies on the next plane, so that an end that would reach over it is cut between half a gap and a whole one. An
  end that does not narrow, and a piece on fewer than three planes, keeps its contour for half a gap. \`half-gap\` does so
  everywhere (the convention of Nelms 2015 and of most systems), \`none\` adds nothing, \`full\` a whole gap. The convention
  outweighs any sampling, so the column \`end_cap\` says what was used (\`half-gap\` where no end of a ROI narrows), and
  \`end_cap_volume[cc]\` what it adds. [dvh-ends.md](dvh-ends.md) has the evidence. Label maps end with their voxels, and masks
  of contours with the slices whose centres lie within half a gap of a contour: a voxel is in or out by its centre, which
  lies on the plane of the contour itself, so that a cap that narrows would change none.
- **The dose.** Trilinear between dose points, in any orientation, with uneven slices. What lies outside the grid has no
  dose: \`dose_coverage\` is the part inside, percent of volume refers to it, and a finding says so.
- **The histogram.** Thin slabs are cut into scan lines that end exactly on the border, scan lines into segments; each
  spreads its volume over the doses that the gradient gives it. Minimum and maximum are also looked for at all vertices of
  the contours, caps included, and at all dose points inside. The median, D and V metrics are read from the curve, linear
  in between; D5cc of a ROI of 3 cc has no value.
- **Uncertainty.** Every ROI is measured at two steps, one twice the other; the change of a metric is its column
  \`<metric>_uncertainty\`. On fewer than six contour planes the ends matter as much: there it is at least the change when each
  end lies on its last contour, or reaches to the next plane, between which it must be. It tells nothing of errors of the
  contours or the dose themselves.

## Accuracy

### The files of Nelms et al. 2015 (doi:10.1118/1.4923175)

Spheres and cylinders with contours and dose grids every 1, 2 and 3 mm in 1 Gy/mm, against the authors' exact values, which
are rounded to 0.5 cGy and take the ends of structures as flat caps of half a slice, so that all measure with these here
(\`half-gap\`). Each cell: cases off by more than 3 % (the authors' criterion), then the range of errors.
dicompyler-core ${versions['dicompyler-core']} ran with its defaults on the same files; the ranges of PyPlanScoring are those of its repository.
Of the commercial systems in that paper no value per metric is in the open. Five clinical systems differed by 0.9 to 3.2 % (median precision, Pepin et al. 2022); on small spheres their volumes were off by
-33 to 11 % (PMC8248418).

${errorTable(await ourErrors(cases), peer).join('\n')}

### Closed forms

The contoured solid is the shape itself where contour planes meet its poles, tips and edges. Shapes of 12 mm radius and
24 mm height (15 mm and 30 mm for contours every 5 mm; tori with tubes of 6, 8 and 10 mm) in 1 Gy/mm, 20 Gy in the middle,
dose every 3 mm, by the distance of the contours. Each cell: error of the volume; greatest error of minimum, maximum,
mean, D99, D98, D95, D90, D50, D10, D5, D2, D1%, D0.03cc, D0.1cc and D1cc; greatest error of V10, V15, V20, V25 and V30Gy in
percent of the volume. Bold: more than 0.5 % of the volume, or than 0.1 Gy or 0.3 %, whichever is more, of a metric. A V
metric also keeps to it where 0.1 Gy changes it as much.

${phantomTable().join('\n')}

Six of the eight corners of the box on its corner lie between planes: the area bends there, which no contour shows.

The same on other dose grids: the greatest errors of all shapes but the box on its corner.

${gridTable().join('\n')}

#### What contours cannot tell

Contours say nothing of what lies between them: every solid that has these contours is as good an answer. Where planes miss
a pole, \`rounded\` finds it by the areas below. The tip of a cone that lies between two planes shows in no area, and a rule that
guesses it would add tips to blunt organs; the same holds of an edge between planes. The table is against the shape that was
meant, and says of each row whether its error is a choice of ours or inherent in the slices, for any program. A cone that
lies across the planes was off by 0.9 % of its volume, 1.5 % of D95% and 6 % of D99% with flat caps on planes 3 mm apart: its
last contours have half the area that their caps went on with.

${missedTable().join('\n')}

### A RayStation plan beside PyPlanScoring

Five brain metastases in a VMAT plan, contours every 1 mm, dose every 3 mm; each pair: rtpipeline / PyPlanScoring, whose DVHs
are a cross-check and no truth, both with flat caps of half a gap. It counts sample points inside the contours and leaves out those on the border: it misses a
shell of about 0.1 mm (difference of the volumes by the area of the sides), which is 5 to 7 % of a target of 0.4 cc. In
targets the lost shell is the cold one, so its D95% and mean are higher. The largest dose lies on a contour or at a dose
point, which samples inside do not meet: its maxima are lower. It loses pieces: its union of the five targets has 6.06 cc and
its parts add up to 6.43 cc (here 6.61 and 6.61), and the maximum of its Low Dose Region is that of one of two pieces, while
contour points of the other lie at 43.7 Gy.

${(await raystationTable()).join('\n')}

## Bad input

What cannot be used is a finding with the UID of its object; every ROI is a row with a status and a reason, and one without a
figure says why. Nothing is repaired in silence.

| input | what happens |
|---|---|
| dose without plan; plan of another dose | \`DOSE_WITHOUT_PLAN\`: metrics in percent of the prescription are empty unless configured or in the name; \`PLAN_NOT_OF_DOSE\` |
| plan without dose | \`NO_DOSE\`: rows \`no_dose\` with their volumes; goals are \`not_evaluable\` |
| prescription less than half or more than twice the median dose of its target | \`PRESCRIPTION_UNLIKELY\` |
| relative dose | \`DOSE_NOT_IN_GY\`: rows \`failed\` with their volumes; \`rtpipeline dvh --relative-unit <Gy>\` says what 1 stands for |
| dose in cGy; more than 150 Gy; negative; 0 everywhere | \`DOSE_IN_CGY\`, \`DOSE_IMPLAUSIBLE\`, \`DOSE_NEGATIVE\`, \`DOSE_ALL_ZERO\` |
| fewer frame offsets or pixels than frames, values that are no numbers, no scaling or place | refused: there is no dose |
| more frame offsets than frames | \`DOSE_FRAME_COUNT\`: the first ones are taken |
| ROI in another frame of reference | moved by a rigid registration (\`ROI_REGISTERED\`) or \`ROI_IN_OTHER_FRAME\`: \`failed\` with its volume |
| part of the ROI, or all of it, outside the dose grid | \`OUTSIDE_DOSE_GRID\` and \`dose_coverage\`; status \`outside_dose\` |
| no contours, or points only | status \`empty\` |
| open contours, one or two points, no area, NaN, more than 10 m away, off their plane, across the others, twice the same | left out with \`CONTOUR_OPEN\`, \`CONTOUR_TOO_FEW_POINTS\`, \`CONTOUR_WITHOUT_AREA\`, \`CONTOUR_NOT_NUMERIC\`, \`CONTOUR_FAR_AWAY\`, \`CONTOUR_NOT_PLANAR\`, \`CONTOURS_IN_SEVERAL_ORIENTATIONS\`, \`CONTOUR_REPEATED\`; \`failed\` when nothing is left |
| contours that cross themselves or each other | \`CONTOURS_CROSS\`: the even-odd rule decides |
| missing contours, a single plane | \`CONTOUR_GAP_FILLED\`, \`CONTOUR_GAP_KEPT\`, \`CONTOURS_IN_PIECES\`, \`CONTOURS_SKIP_SLICES\`, \`CONTOURS_ON_ONE_PLANE\` |

## Speed

\`npm run peers:dvh\` measures 40 ROIs on an image of 512 x 512 x 200 with a dose of 2.5 mm beside dicompyler-core, and prints
the ratio; \`node bench/dvh.ts\` measures ours alone. Measured on one core, on 2026-11-24: 11.1 s of CPU time against 0.41 s with
all metrics at two resolutions, 27 times less; the body alone 0.18 s, peak memory 434 MiB.`);
