import type { Vec3 } from '../math/vec3.ts';
import type { Anatomy } from './anatomy.ts';
import { subtract, union } from './combine.ts';
import { box, cone, cylinder, ellipsoid, type Solid, sphere } from './solid.ts';

/** A thorax centred on the origin with a round tumour; sizes in mm, after ordinary anatomy. */
export function thorax(tumourCentre: Vec3, tumourRadius: number): Anatomy {
  const heart = ellipsoid([22, -28, -45], [48, 40, 44]);
  const lungLeft = subtract(ellipsoid([78, 2, 0], [52, 76, 92]), heart);
  const lungRight = ellipsoid([-80, 2, 0], [56, 76, 96]);
  const tumour = sphere(tumourCentre, tumourRadius);
  const body = cylinder([0, 0, 0], [172, 112], 400);
  const cord = cylinder([0, 64, 0], [6.5, 6.5], 400);
  const organs: Record<string, Solid> = {
    BODY: body,
    Lung_L: lungLeft,
    Lung_R: lungRight,
    'Lungs-GTV': subtract(union(lungLeft, lungRight), tumour),
    Heart: heart,
    Esophagus: cylinder([-4, 34, 0], [9, 7], 400),
    SpinalCord: cord,
    Trachea: cylinder([0, 20, 75], [9, 9], 40),
    GTV: tumour,
    CTV: sphere(tumourCentre, tumourRadius + 5),
    PTV: sphere(tumourCentre, tumourRadius + 10),
  };
  return {
    organs,
    tissues: [
      { solid: body, value: -90, noise: 10 },
      { solid: cylinder([0, 0, 0], [160, 100], 400), value: 45, noise: 12 },
      { solid: lungRight, value: -780, noise: 45 },
      { solid: lungLeft, value: -770, noise: 45 },
      { solid: heart, value: 42, noise: 9 },
      { solid: cone([0, -60, 20], 22, 60), value: 10, noise: 10 },
      { solid: organs.Trachea, value: -980, noise: 4 },
      { solid: organs.Esophagus, value: 25, noise: 16 },
      { solid: box([0, 70, 0], [24, 20, 400]), value: 280, noise: 55 },
      { solid: cord, value: 30, noise: 5 },
      { solid: tumour, value: 25, noise: 22 },
    ],
  };
}
