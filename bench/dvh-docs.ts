/** Prints docs/dvh.md. Needs python3 for dicompyler-core and the files of Nelms 2015 beside the clone. */

import { phantomTable } from './dvh-phantoms.ts';
import { runPeer } from './peers/dicompyler.ts';
import { errorTable, ourErrors, peerErrors } from './peers/dvh-errors.ts';
import { nelmsCases } from './peers/nelms-set.ts';

const cases = nelmsCases();
if (cases.length === 0)
  throw new Error('the files of Nelms 2015 are not beside the clone: ../shared/data/dvh-analytic');
const { nelms, versions } = await runPeer();
const peer = peerErrors(
  cases,
  nelms.map((job) => job.rois),
);

console.log(`# Dose-volume histograms

Made by \`npm run docs:dvh\`; do not edit.

## What is measured

- **The solid.** Contours are sorted into parallel planes of any orientation. On a plane the even-odd rule decides what is
  inside, keyhole channels included. Between planes the shapes are blended (\`surface\`, by signed distances, the area a
  cubic through the planes) or kept to the middle between the planes (\`prism\`). A piece ends where nothing lies over it
  on the next plane or where the next plane is too far: gaps of more than 1.5 times the usual or neighbouring gap stay open.
- **End caps.** Beyond the last contour a piece goes on for half a gap (\`half-gap\`, the convention of Nelms 2015), not at
  all (\`none\`) or for a whole gap (\`full\`). The convention outweighs any sampling, so it is a column (\`end_cap\`), as is the
  volume that it adds (\`end_cap_volume[cc]\`). Label maps end with their voxels.
- **The dose.** Trilinear between dose points, in any orientation, with uneven slices. What lies outside the grid has no
  dose: \`dose_coverage\` is the part inside, percent of volume refers to it, and a finding says so.
- **The histogram.** Thin slabs are cut into scan lines that end exactly on the border, scan lines into segments; each
  spreads its volume over the doses that the gradient gives it. Minimum and maximum are also looked for at all vertices of
  the contours, caps included, and at all dose points inside. The median, D and V metrics are read from the curve, linear
  in between; D5cc of a ROI of 3 cc has no value.
- **Uncertainty.** Every ROI is measured at two steps, one twice the other; the change of a metric is its column
  \`<metric>_uncertainty\`. It tells of the sampling, not of contours or dose.

## Accuracy

### The files of Nelms et al. 2015 (doi:10.1118/1.4923175)

Spheres and cylinders with contours and dose grids every 1, 2 and 3 mm in 1 Gy/mm, against the authors' exact values, which
are rounded to 0.5 cGy. Each cell: cases off by more than 3 % (the authors' criterion), then the range of errors.
dicompyler-core ${versions['dicompyler-core']} ran with its defaults on the same files; the ranges of PyPlanScoring are those of its repository.
Of the commercial systems in that paper no value per metric is in the open. Five clinical systems differed by 0.9 to 3.2 % (median precision, Pepin et al. 2022); on small spheres their volumes were off by
-33 to 11 % (PMC8248418).

${errorTable(await ourErrors(cases), peer).join('\n')}

### Closed forms

Shapes of 12 mm radius and 24 mm height in 1 Gy/mm, dose every 3 mm, by the distance of the contours: error of the volume, and
the greatest error of minimum, maximum, mean, D99, D98, D95, D50, D5, D2, D1 and D0.03cc. Sharp edges that lie between
contours are rounded: the lying cylinder shows it.

${phantomTable([0.5, 1, 2, 3, 4]).join('\n')}

## Speed

\`npm run peers:dvh\` measures 40 ROIs on an image of 512 x 512 x 200 with a dose of 2.5 mm beside dicompyler-core, and prints
the ratio; \`node bench/dvh.ts\` measures ours alone.`);
