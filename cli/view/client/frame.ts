import type { Types } from '@cornerstonejs/core';
import { patientToIndex } from '#lib/image/grid.ts';
import { norm, subtract, type Vec3 } from '#lib/math/vec3.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import { labelled, mmText } from './text-on-canvas.ts';
import type { View } from './view.ts';

const TEXT = '#e8edf0';
const CROSS = 'rgb(120 220 255 / 70%)';
/** The point of interest itself stays free. */
const GAP_PX = 12;
const SCALES_MM = [200, 100, 50, 20, 10, 5, 2, 1];
const LONGEST_SCALE = 0.35;

/** Cross hairs, directions of the patient, place of the slice and a scale. */
export function drawFrame(
  context: CanvasRenderingContext2D,
  view: View,
  plane: Plane,
  viewport: Types.IVolumeViewport,
  toCanvas: (pointMm: Vec3) => number[],
): void {
  const { clientWidth: width, clientHeight: height } = viewport.element;
  drawCross(context, toCanvas(view.cursorMm), width, height);
  const toPatient = (x: number, y: number) => viewport.canvasToWorld([x, y]) as Vec3;
  const middle = toPatient(width / 2, height / 2);
  const towards = (x: number, y: number) => directionLetters(subtract(toPatient(x, y), middle));
  labelled(context, towards(width, height / 2), [width - 8, height / 2 + 4], TEXT, 'right');
  labelled(context, towards(0, height / 2), [8, height / 2 + 4], TEXT);
  labelled(context, towards(width / 2, 0), [width / 2, 34], TEXT, 'center');
  labelled(context, towards(width / 2, height), [width / 2, height - 8], TEXT, 'center');
  labelled(context, `${plane[0].toUpperCase()}${plane.slice(1)} ${placeText(view, plane)}`, [8, 16], TEXT);
  const mmPerPixel = norm(subtract(toPatient(1, 0), toPatient(0, 0)));
  drawScale(context, mmPerPixel, width, height);
}

function drawCross(context: CanvasRenderingContext2D, [x, y]: number[], width: number, height: number): void {
  context.strokeStyle = CROSS;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  for (const [from, to] of [
    [0, x - GAP_PX],
    [x + GAP_PX, width],
  ]) {
    context.moveTo(from, y);
    context.lineTo(to, y);
  }
  for (const [from, to] of [
    [0, y - GAP_PX],
    [y + GAP_PX, height],
  ]) {
    context.moveTo(x, from);
    context.lineTo(x, to);
  }
  context.stroke();
}

/** Where the patient's left, posterior and superior lie; two letters where a direction lies between. */
export function directionLetters(direction: Vec3): string {
  const letters = ['LR', 'PA', 'SI'];
  const largest = Math.max(...direction.map(Math.abs));
  return direction
    .map((along, axis) => ({ size: Math.abs(along), letter: letters[axis][along > 0 ? 0 : 1] }))
    .filter(({ size }) => size > 0.4 * largest)
    .sort((a, b) => b.size - a.size)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join('');
}

/** `z -12.5 mm, slice 23 of 52` on a grid along the patient's axes; its place alone on others. */
function placeText({ background, cursorMm }: View, plane: Plane): string {
  const axis = { sagittal: 0, coronal: 1, axial: 2 }[plane];
  const place = `${'xyz'[axis]} ${mmText(cursorMm[axis])} mm`;
  if (!background) return place;
  const { grid } = background.volume;
  const along = ([0, 1, 2] as const).find((a) => Math.abs(grid.direction[3 * axis + a]) > 0.999);
  if (along === undefined) return place;
  return `${place}, slice ${Math.round(patientToIndex(grid, cursorMm)[along]) + 1} of ${grid.size[along]}`;
}

function drawScale(context: CanvasRenderingContext2D, mmPerPixel: number, width: number, height: number): void {
  const lengthMm = SCALES_MM.find((mm) => mm / mmPerPixel < LONGEST_SCALE * width) ?? 1;
  const lengthPx = lengthMm / mmPerPixel;
  const [right, y] = [width - 12, height - 12];
  context.strokeStyle = TEXT;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(right - lengthPx, y - 4);
  context.lineTo(right - lengthPx, y);
  context.lineTo(right, y);
  context.lineTo(right, y - 4);
  context.stroke();
  labelled(
    context,
    lengthMm >= 10 ? `${lengthMm / 10} cm` : `${lengthMm} mm`,
    [right - lengthPx / 2, y - 7],
    TEXT,
    'center',
  );
}
