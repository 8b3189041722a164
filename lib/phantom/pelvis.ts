import type { Anatomy, RoiEntry } from './anatomy.ts';
import { subtract, union } from './combine.ts';
import { box, cylinder, ellipsoid, sphere, torus } from './solid.ts';

/** The organs that every plan of a pelvis outlines. */
export const PELVIC_ROIS: RoiEntry[] = [
  ['BODY', 'EXTERNAL'],
  ['Bladder', 'ORGAN'],
  ['Rectum', 'ORGAN'],
  ['Femur_Head_L', 'ORGAN'],
  ['Femur_Head_R', 'ORGAN'],
];

/** A male pelvis, centred on the origin, on a flat couch. Sizes in mm, after ordinary anatomy. */
export function pelvis(): Anatomy {
  const prostate = ellipsoid([0, 5, -20], [25, 20, 22]);
  const vesicles = union(ellipsoid([-16, 14, 8], [13, 7, 7]), ellipsoid([16, 14, 8], [13, 7, 7]));
  const vesicleMargins = union(ellipsoid([-16, 14, 8], [19, 13, 13]), ellipsoid([16, 14, 8], [19, 13, 13]));
  const prostateMargin = ellipsoid([0, 5, -20], [31, 26, 28]);
  const bladder = ellipsoid([0, -28, 30], [38, 32, 30]);
  const rectum = cylinder([0, 44, 0], [16, 16], 60);
  const rectalLumen = cylinder([0, 44, 0], [12, 12], 60);
  const body = cylinder([0, 0, 0], [180, 115], 400);
  const organs = {
    BODY: body,
    Bladder: bladder,
    Rectum: rectum,
    RectumWall: subtract(rectum, rectalLumen),
    Prostate: prostate,
    SeminalVes: vesicles,
    PenileBulb: ellipsoid([0, 12, -58], [10, 9, 9]),
    Femur_Head_L: sphere([92, 5, -25], 24),
    Femur_Head_R: sphere([-92, 5, -25], 24),
    CTV_7000: prostate,
    CTV_5600: union(prostate, vesicles),
    PTV_7000: prostateMargin,
    PTV_5600: union(prostateMargin, vesicleMargins),
    zRing: torus([0, 5, -20], 55, 9),
    Kidney_L: ellipsoid([70, 45, 95], [24, 20, 22]),
    Fiducial_1: sphere([9, 3, -16], 2.5),
    CouchSurface: box([0, 125, 0], [240, 10, 400]),
  };
  return {
    organs,
    tissues: [
      { solid: organs.CouchSurface, value: -650, noise: 4 },
      { solid: body, value: -95, noise: 9 },
      { solid: cylinder([0, 0, 0], [158, 92], 400), value: 42, noise: 11 },
      { solid: box([0, 78, 30], [36, 12, 60]), value: 320, noise: 60 },
      { solid: cylinder([118, 8, -62], [16, 16], 40), value: 380, noise: 70 },
      { solid: cylinder([-118, 8, -62], [16, 16], 40), value: 380, noise: 70 },
      { solid: organs.Femur_Head_L, value: 300, noise: 65 },
      { solid: organs.Femur_Head_R, value: 300, noise: 65 },
      { solid: bladder, value: 8, noise: 6 },
      { solid: rectum, value: 32, noise: 14 },
      { solid: sphere([0, 44, 12], 9), value: -850, noise: 20 },
      { solid: vesicles, value: 28, noise: 9 },
      { solid: prostate, value: 38, noise: 13 },
      { solid: organs.PenileBulb, value: 50, noise: 10 },
      { solid: organs.Kidney_L, value: 35, noise: 10 },
      { solid: organs.Fiducial_1, value: 1800, noise: 0 },
    ],
  };
}
