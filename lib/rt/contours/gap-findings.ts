import { type Finding, type FindingCode, finding } from '../../findings.ts';
import { type ContourPlane, pointOn } from './contour-planes.ts';
import { linkShapes } from './link-shapes.ts';
import { goesOn, type PlaneGap } from './plane-gap.ts';
import { totalAreaMm2 } from './shape.ts';

/** From this many slices of the image to a gap on, contours skip slices. */
const SKIPS = 1.5;

interface Stake {
  lengthMm: number;
  cc: number;
}

/**
 * Findings about the gaps of an ROI, with the volume that depends on each.
 * @param usualSteps slices of the image per usual gap; 1 when unknown
 */
export function gapFindings(
  planes: ContourPlane[],
  gaps: PlaneGap[],
  usualMm: number,
  usualSteps: number,
  where: string,
): Finding[] {
  const findings: Finding[] = [];
  const usual = `${format(usualMm)} mm`;
  const add = (code: FindingCode, message: string, plane?: ContourPlane) =>
    findings.push(finding(code, where, message, plane && pointOn(plane)));
  if (planes.length === 1) add('CONTOURS_ON_ONE_PLANE', `contours on a single plane stand for ${usual}`, planes[0]);
  if (usualSteps > SKIPS)
    add(
      'CONTOURS_SKIP_SLICES',
      `contours are ${usual} apart, ${format(usualSteps)} slices of the image; the slices between them are filled`,
    );
  const stakes = gaps.map(({ kind, lengthMm }, n) => ({
    plane: planes[n],
    kind,
    lengthMm,
    cc: kind === 'usual' ? 0 : stakeCc(planes[n], planes[n + 1], lengthMm - usualMm),
  }));
  const bridged = stakes.filter(({ kind }) => kind === 'bridged');
  if (bridged.length > 0)
    add(
      'CONTOUR_GAP_FILLED',
      `${widest(bridged)} where ${usual} is usual are filled as if contours were missing; this adds about ${total(bridged)} cc`,
      bridged[0].plane,
    );
  const open = stakes.filter(({ kind, cc }) => kind === 'open' && cc > 0);
  if (open.length > 0)
    add(
      'CONTOUR_GAP_KEPT',
      `${widest(open)} where ${usual} is usual are left empty between shapes that lie over each other; filled they would add about ${total(open)} cc`,
      open[0].plane,
    );
  const apart = gaps.filter((gap) => !goesOn(gap)).length - open.length;
  if (apart > 0) add('CONTOURS_IN_PIECES', `the contours lie in ${apart + 1} separate groups of planes`);
  return findings;
}

/** Volume of shapes that go on over a gap, beyond half a usual gap at each side of it. */
function stakeCc(lower: ContourPlane, upper: ContourPlane, lengthMm: number): number {
  const areas = linkShapes(lower, upper).map((link) => {
    const low = totalAreaMm2(link.lower.map((n) => lower.shapes[n]));
    return (low + totalAreaMm2(link.upper.map((n) => upper.shapes[n]))) / 2;
  });
  return (Math.max(lengthMm, 0) * areas.reduce((sum, area) => sum + area, 0)) / 1000;
}

function widest(stakes: Stake[]): string {
  const most = format(Math.max(...stakes.map(({ lengthMm }) => lengthMm)));
  return `${stakes.length} gaps of up to ${most} mm`;
}

function total(stakes: Stake[]): string {
  return stakes.reduce((sum, { cc }) => sum + cc, 0).toPrecision(2);
}

function format(value: number): string {
  return String(Number(value.toFixed(2)));
}
