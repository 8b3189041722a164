import type { Finding } from '../../findings.ts';
import type { Vec3 } from '../../math/vec3.ts';
import type { CheckFinding } from '../../qc/check.ts';
import type { Wanted } from '../../report/pictures/picture.ts';
import type { PlaneChooser } from './write.ts';

/** So many slices with findings are drawn of an image, the gravest first. */
const MOST_SLICES = 12;

const GRAVITY = ['error', 'warning'];

/** The slices on which errors and warnings are seen. */
export function findingPlanes(findings: readonly CheckFinding[]): PlaneChooser {
  const seen = findings
    .filter(({ severity, positionMm }) => positionMm !== undefined && GRAVITY.includes(severity))
    .sort((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
  const on = (seriesUid: string) => seen.filter((found) => seriesOf(found) === seriesUid);
  return {
    wants: ({ seriesInstanceUid }) => on(seriesInstanceUid).length > 0,
    choose: ({ seriesUid }) => {
      const planes = on(seriesUid).map(planeOf);
      const levels = [...new Set(planes.map(({ pointMm }) => pointMm[2].toFixed(1)))];
      const drawn = new Set(levels.slice(0, MOST_SLICES));
      const more = levels.length - drawn.size;
      return {
        planes: planes.filter(({ pointMm }) => drawn.has(pointMm[2].toFixed(1))),
        notes:
          more > 0
            ? [`${more} more slices with findings are not drawn; the list of findings gives their positions.`]
            : [],
      };
    },
  };
}

function seriesOf({ roi, imageSeriesUid, where }: CheckFinding): string {
  return roi?.imageSeriesUid ?? imageSeriesUid ?? where;
}

function planeOf({ positionMm, roiName, message }: Finding): Wanted {
  const reason = [roiName, message].filter(Boolean).join(': ');
  return { plane: 'axial', pointMm: [...positionMm!] as Vec3, reason };
}
