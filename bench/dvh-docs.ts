/** Prints docs/dvh.md. Needs python3 and python3.12 for the peers, and the files of Nelms 2015 (npm run test:data). */

import { absent } from '#test/fixtures/shared.ts';
import { casesTable } from './dvh-cases.ts';
import { gridTable, missedTable, phantomTable } from './dvh-phantoms.ts';
import { raystationTable } from './dvh-raystation.ts';
import { slicerRtTable } from './dvh-slicer-rt.ts';
import { errorTable, ourErrors, peerErrors } from './peers/dvh-errors.ts';
import { DICOMPYLER, PYDCM, runPeer } from './peers/dvh-peers.ts';
import { nelmsCases } from './peers/nelms-set.ts';

const cases = nelmsCases();
if (cases.length === 0) throw new Error(String(absent('data/dvh-analytic')));
const peers = await Promise.all([DICOMPYLER, PYDCM].map((peer) => runPeer(peer, cases)));
const errors = [
  { name: 'rtpipeline', errors: await ourErrors(cases) },
  ...peers.map(({ versions, jobs }) => ({
    name: Object.keys(versions)[0],
    errors: peerErrors(
      cases,
      jobs.map((job) => job.rois),
    ),
  })),
];
const versions = Object.assign({}, ...peers.map((peer) => peer.versions));

console.log(`# Dose-volume histograms

Made by \`npm run docs:dvh\`; do not edit.

## What is measured

- **The planes.** Masks and DVHs read the planes of contours by one rule. Contours less than 0.1 mm apart lie on one plane. A
  contour may leave its plane by 1 mm. Planes count as parallel up to 2.5 degrees. Where a ROI has several orientations, the
  one that encloses the most area counts. A contour that is stored twice counts once, whichever point and sense it starts
  with; the type CLOSEDPLANAR_XOR is the exception. The even-odd rule decides what is inside on a plane, keyhole channels
  included. A finding names what is left out.
- **The gaps.** Gaps are counted in slices of the image where the contours are parallel to them, else in millimetres. The ROI
  goes on over a gap of up to 1.5 times the usual one (the lower median), and over a gap that holds no slice of the image.
  It also goes on in two other cases, and the finding \`CONTOUR_GAP_FILLED\` tells the volume at stake. In one, a single
  contour is missing between shapes that lie over each other: up to 2.25 usual gaps, which is 2 and room for uneven slices.
  In the other, the gaps beside are as wide: up to 3 usual gaps. The figure 3 is a convention. No file tells a sparse drawing
  from two gaps around a stray contour, so the finding names the volume either way. Every other gap stays open
  (\`CONTOUR_GAP_KEPT\`, with the volume), and so does every gap above \`structures.max_contour_gap_mm\`. Planes may state their
  thickness (ContourSlabThickness of at least half a slice): such planes join where they touch, and only there. A plane without
  neighbours stands for its stated thickness, else for a slice of the image.
- **The solid.** Between planes the shapes are blended (\`surface\`) or kept to the middle between the planes (\`prism\`). The
  area of a blend follows a cubic through the planes. An edge on one plane does not bend it. Contours that are convex but
  for noise are joined by their convex hull (Keppel 1975, doi:10.1147/rd.191.0002). The hull bulges where the next contours
  tell of a round side, so edges and tips stay sharp and flat ends flat. Other contours are blended by signed distances (Raya
  and Udupa 1990, doi:10.1109/42.52980), which rounds edges. A piece ends where nothing lies over it on the next plane.
- **End caps.** A piece goes on beyond its last contour. \`rounded\`, the default, follows the last areas to where they vanish.
  It takes the parabola through three of them, which is exact for spheres, ellipsoids and cones, or a power of them that
  fits better. Convex contours shrink to their centre, and the centre moves on as it moved before. Other contours wear off from
  their border. No contour lies on the next plane. An end that would reach over it is cut between half a gap and a whole one.
  A piece on two planes leaves one parabola for each height. It takes that of a body as high as it is wide, within what the
  planes above and below leave. Borders are those of the ellipse with the same moments, so noise of vertices and stairs of pixels
  do not lengthen them. Noise of 0.1 mm moves D99% of a cone of 24 mm on three planes by up to 0.15 Gy at 1 Gy/mm, by 0.3 Gy if
  contours have only 24 points. It moves the minimum, at a tip between planes, by up to 1.8 Gy, which its uncertainty covers.
  An end that does not narrow, and a piece on one plane, keeps its contour for half a gap.
  \`half-gap\` does so everywhere (the convention of Nelms 2015 and of most systems), \`none\` adds nothing, \`full\` a whole gap.
  The convention outweighs any sampling, so the column \`end_cap\` says what was used (\`half-gap\` where no end of a ROI
  narrows), and \`end_cap_volume[cc]\` says what it adds. [dvh-ends.md](dvh-ends.md) has the evidence. Label maps end with their
  voxels. Masks of contours end with the slices whose centres lie within half a gap of a contour: the centre of a voxel
  decides whether it is in, and that centre lies on the plane of the contour, so a cap that narrows changes no voxel.
- **The dose.** Trilinear between dose points, in any orientation, with uneven slices. There is no dose outside the grid:
  \`dose_coverage\` is the part inside, percent of volume refers to that part, and a finding says so.
- **The histogram.** The solid is cut into thin slabs, the slabs into scan lines that end exactly on the border, and the scan
  lines into segments. Each segment spreads its volume over the doses that its gradient gives. Minimum and maximum are also
  looked for at all vertices of the contours, caps included, and at all dose points inside. The median, D and V metrics are
  read from the curve, linear in between. D5cc of a ROI of 3 cc has no value.
- **Uncertainty.** Every ROI is measured at two steps, one twice the other. The change of a metric is its column
  \`<metric>_uncertainty\`. On fewer than six contour planes the ends matter as much. Each end lies between its last contour
  and the next plane, so the column is there at least the change between these two. It tells nothing of errors of the
  contours or of the dose.

## Accuracy

### The files of Nelms et al. 2015 (doi:10.1118/1.4923175)

Spheres and cylinders with contours and dose grids every 1, 2 and 3 mm in 1 Gy/mm, against the authors' exact values. These
are rounded to 0.5 cGy, and take the ends of structures as flat caps of half a slice, so \`half-gap\` is used here.
Each cell: cases off by more than 3 % (the authors' criterion), then the range of errors. dicompyler-core
${versions['dicompyler-core']} and pydcm ${versions.pydcm} ran with their defaults on the same files. The ranges of PyPlanScoring are those of its repository. The paper
gives no value per metric of the commercial systems. Five clinical systems differed by 0.9 to 3.2 % (median precision, Pepin et
al. 2022). Their volumes of small spheres were off by -33 to 11 % (PMC8248418).

${errorTable(errors).join('\n')}

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

#### Shapes at any angle

39 seeded structures with a known volume, cut by planes every 2, 2.5 or 3 mm, first plane anywhere: ellipsoids at any angle with axes of
10 to 45 mm, shells, cavities, oblique planes and dose grids, doses that fall within 0.6 mm, structures of which half lies outside
the dose. Doses of the truth come from 200,000 points inside each structure. The largest errors in percent of the exact value, and the
median of the volume:

${casesTable().join('\n')}

A shell of 1.5 mm is off the most: near its poles its wall lies along the planes, and one plane or none cuts it there.

#### What contours cannot tell

Contours say nothing of what lies between them: every solid that has these contours is as good an answer. Where planes miss
a pole, \`rounded\` finds it by the areas below. The tip of a cone between two planes shows in no area. A rule that guesses it
would add tips to blunt organs. The same holds of an edge between planes. The table is against the shape that was
meant. Each row says whether its error is a choice of ours or inherent in the slices, for any program. With flat caps, a cone
that lies across planes 3 mm apart is off by 0.9 % of its volume, 1.5 % of D95% and 6 % of D99%: its last contours have half
the area, and the caps go on with all of it.

${missedTable().join('\n')}

### A RayStation plan beside PyPlanScoring

Five brain metastases in a VMAT plan, contours every 1 mm, dose every 3 mm. Each pair: rtpipeline / PyPlanScoring, both with
flat caps of half a gap. PyPlanScoring's DVHs are a cross-check and no truth. It counts sample points inside the contours and
leaves out those on the border. So it misses a shell of about 0.1 mm (difference of the volumes by the area of the sides),
which is 5 to 7 % of a target of 0.4 cc. In targets the lost shell is the cold one, so its D95% and mean are higher. The largest
dose lies on a contour or at a dose point. Samples inside do not meet these, so its maxima are lower. It loses pieces: its union
of the five targets has 6.06 cc, and its parts add up to 6.43 cc (here 6.61 and 6.61). The maximum of its Low Dose Region is that
of one of two pieces; contour points of the other lie at 43.7 Gy.

${(await raystationTable()).join('\n')}

### A prostate plan beside CERR, SlicerRT and Eclipse

SlicerRT keeps the DVHs of three programs on one Eclipse plan as references of its tests (\`Testing/Data\` of SlicerRt/SlicerRT at
df6ef69c). Contours and dose lie 2.5 mm apart. Each cell: rtpipeline / CERR / SlicerRT / Eclipse, read from their tables of curves;
rtpipeline with flat caps of half a gap. rtpipeline has the volumes of CERR within 0.3 %, which also takes the area within the
contours. Eclipse and SlicerRT have 0.4 to 1.4 % less. The doses agree with SlicerRT and Eclipse within 0.12 Gy. Those of CERR are
about 0.1 Gy lower, which is half a bin of its table.

${slicerRtTable().join('\n')}

## Bad input

What cannot be used is a finding with the UID of its object. Every ROI is a row with a status and a reason. A row without a
figure says why. Nothing is repaired in silence.

| input | what happens |
|---|---|
| dose without plan; plan of another dose | \`DOSE_WITHOUT_PLAN\`: metrics in percent of the prescription are empty unless configured or in the name; \`PLAN_NOT_OF_DOSE\` |
| plan without dose | \`NO_DOSE\`: rows \`no_dose\` with their volumes; goals are \`not_evaluable\` |
| target whose name has a number that no plan prescribes and that may mean something else (\`PTV50\`, \`PTV_2019\`) | \`PRESCRIPTION_OPEN\`: no metrics in percent of the prescription |
| prescription less than half or more than twice the median dose of its target | \`PRESCRIPTION_UNLIKELY\` |
| relative dose | \`DOSE_NOT_IN_GY\`: rows \`failed\` with their volumes; \`rtpipeline dvh --relative-unit <Gy>\` says what 1 stands for |
| dose in cGy; more than 150 Gy; negative; 0 everywhere | \`DOSE_IN_CGY\`, \`DOSE_IMPLAUSIBLE\`, \`DOSE_NEGATIVE\`, \`DOSE_ALL_ZERO\` |
| fewer frame offsets or pixels than frames, values that are no numbers, no scaling or place | refused: there is no dose |
| more frame offsets than frames | \`DOSE_FRAME_COUNT\`: the first ones are used |
| ROI in another frame of reference | moved by a rigid registration (\`ROI_REGISTERED\`) or \`ROI_IN_OTHER_FRAME\`: \`failed\` with its volume |
| part of the ROI, or all of it, outside the dose grid | \`OUTSIDE_DOSE_GRID\` and \`dose_coverage\`; status \`outside_dose\` |
| a segment without contours that lies outside its image | status \`outside_image\`, as in \`structures\` |
| no contours, or points only | status \`empty\` |
| open contours, one or two points, no area, NaN, more than 10 m away, off their plane, across the others, twice the same | left out with \`CONTOUR_OPEN\`, \`CONTOUR_TOO_FEW_POINTS\`, \`CONTOUR_WITHOUT_AREA\`, \`CONTOUR_NOT_NUMERIC\`, \`CONTOUR_FAR_AWAY\`, \`CONTOUR_NOT_PLANAR\`, \`CONTOURS_IN_SEVERAL_ORIENTATIONS\`, \`CONTOUR_REPEATED\`; \`failed\` when nothing is left |
| contours that cross themselves or each other | \`CONTOURS_CROSS\`: the even-odd rule decides |
| missing contours, a single plane | \`CONTOUR_GAP_FILLED\`, \`CONTOUR_GAP_KEPT\`, \`CONTOURS_IN_PIECES\`, \`CONTOURS_SKIP_SLICES\`, \`CONTOURS_ON_ONE_PLANE\` |

## Speed

\`npm run peers:dvh\` measures 40 ROIs on an image of 512 x 512 x 200 with a dose of 2.5 mm, in CPU time on one core: the best of three
processes of every program. Ours computes all metrics at two resolutions, with the compile cache that jobs have. V8 compiles
while it runs, so that it is faster once warm. pydcm reads both files again for every ROI. In brackets: how many times as long
as ours. One run, on a machine with other load, 2026-12-01 (\`node bench/dvh.ts\` measures ours alone):

| seconds | rtpipeline | dicompyler-core 0.5.6 | pydcm 0.5.0 |
|---|---|---|---|
| all DVHs, warm | 0.48 | 13.53 (28) | 8.21 (17) |
| all DVHs, first time in a process | 1.26 | 13.53 (10.7) | 8.21 (6.5) |
| whole process | 1.88 | 14.21 (7.6) | 8.58 (4.6) |`);
