import type { Vec3 } from '#lib/math/vec3.ts';
import { dot, norm, subtract } from '#lib/math/vec3.ts';
import { cssColour, doseColour, LEAST_SHOWN, SCALE_END } from '#lib/report/pictures/dose-colour.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import { differenceColour } from '#lib/viewer/colours.ts';
import { type DosePlane, doseDifference, dosePlane, isodoseLines } from '#lib/viewer/dose-plane.ts';
import { contoursOn } from '#lib/viewer/drawn-contours.ts';
import { maskOutline } from '#lib/viewer/mask-outline.ts';
import { type PlaneRaster, planeNormal, planeRaster, planeStepMm } from '#lib/viewer/plane-raster.ts';
import { drawFrame } from './frame.ts';
import type { Planes } from './planes.ts';
import { labelled } from './text-on-canvas.ts';
import { dashOf, isOnBackground, type ShownDose, type ShownStructure, type View } from './view.ts';

/** Differences are full red or blue at this part of the reference dose. */
export const DIFFERENCE_END = 0.2;
const LINE_PX = 1.6;
const MOST_KEPT = 4000;

/** Where pixels of a raster lie on the canvas: a, b, c, d, e, f of a 2D canvas. */
type Placement = DOMMatrix;

export interface Overlay {
  draw(view: View): void;
}

/** What is drawn over one plane: dose wash, isodoses, outlines, measurements, cross hairs, scale. */
export function overlayOf(plane: Plane, canvas: HTMLCanvasElement, planes: Planes): Overlay {
  const outlines = new Map<string, number[][]>();
  const dosePlanes = new Map<string, DosePlane | undefined>();
  return {
    draw(view) {
      const context = sizedContext(canvas);
      const { background } = view;
      if (!context || !background) return;
      const raster = planeRaster(background.drawnGrid, plane, view.cursorMm);
      const toCanvas = (pointMm: Vec3) => planes.viewport(plane).worldToCanvas(pointMm);
      const placement = placementOf(raster, toCanvas);
      const key = `${background.volumeId} ${raster.originMm.join(' ')}`;
      const planeOf = (shown: ShownDose) =>
        kept(dosePlanes, `${key} ${shown.dose.doseUid}`, () => dosePlane(shown.viewed, raster));
      drawDose(context, view, placement, planeOf);
      for (const shown of view.structures) {
        if (!shown.isVisible || !shown.mask || !isOnBackground(view, shown.space)) continue;
        const { mask, loops: drawn } = shown;
        const stepMm = planeStepMm(background.drawnGrid, plane);
        const contours = view.outlines === 'drawn' && drawn ? contoursOn(drawn, raster, stepMm) : [];
        const counted = () => kept(outlines, `${key} ${shown.structure.number}`, () => maskOutline(mask, raster));
        strokeStructure(context, view, shown, pathOf(contours.length > 0 ? contours : counted(), placement));
      }
      drawMeasurements(context, view, plane, toCanvas);
      drawFrame(context, view, plane, planes.viewport(plane), toCanvas);
    },
  };
}

/** Sharp on screens with several dots to a pixel; cleared. Undefined while the canvas has no size. */
function sizedContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | undefined {
  const { clientWidth: width, clientHeight: height } = canvas;
  const dots = window.devicePixelRatio;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return undefined;
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  context.setTransform(dots, 0, 0, dots, 0, 0);
  return context;
}

function placementOf(raster: PlaneRaster, toCanvas: (pointMm: Vec3) => number[]): Placement {
  const at = (x: number, y: number) =>
    toCanvas([0, 1, 2].map((n) => raster.originMm[n] + x * raster.stepX[n] + y * raster.stepY[n]) as Vec3);
  const [origin, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  return new DOMMatrix([
    right[0] - origin[0],
    right[1] - origin[1],
    down[0] - origin[0],
    down[1] - origin[1],
    origin[0],
    origin[1],
  ]);
}

function pathOf(loops: number[][], placement: Placement): Path2D {
  const path = new Path2D();
  for (const loop of loops) {
    for (let n = 0; n < loop.length; n += 2)
      if (n === 0) path.moveTo(loop[0], loop[1]);
      else path.lineTo(loop[n], loop[n + 1]);
    path.closePath();
  }
  const placed = new Path2D();
  placed.addPath(path, placement);
  return placed;
}

function drawDose(
  context: CanvasRenderingContext2D,
  view: View,
  placement: Placement,
  planeOf: (shown: ShownDose) => DosePlane | undefined,
): void {
  const { first, second } = view.doses;
  const usable = (shown: ShownDose | undefined) =>
    shown && isOnBackground(view, shown.space) ? planeOf(shown) : undefined;
  const [one, other] = [usable(first), usable(second)];
  if (view.doseMode === 'difference' && one && other) {
    drawDifference(context, view, placement, one, other);
    return;
  }
  const shown = view.doseMode === 'second' ? other : one;
  if (!shown) return;
  const part = (value: number) => value / view.referenceDose;
  if (view.hasWash)
    drawWash(context, placement, shown, view.washOpacity, (value) =>
      part(value) >= LEAST_SHOWN ? doseColour(part(value) / SCALE_END) : undefined,
    );
  if (view.hasIsodoses) {
    drawIsodoses(context, view, placement, shown, []);
    if (view.doseMode === 'first' && other) drawIsodoses(context, view, placement, other, [5, 4]);
  }
  if (view.pointedDose !== undefined) {
    context.strokeStyle = '#ffffff';
    context.lineWidth = 2.5;
    context.setLineDash([]);
    context.stroke(pathOf(isodoseLines(shown, view.pointedDose), placement));
  }
}

function drawDifference(
  context: CanvasRenderingContext2D,
  view: View,
  placement: Placement,
  one: DosePlane,
  other: DosePlane,
): void {
  const fullAt = DIFFERENCE_END * view.referenceDose;
  drawWash(context, placement, doseDifference(one, other), view.washOpacity, (value) =>
    Math.abs(value) > LEAST_SHOWN * fullAt ? differenceColour(value / fullAt) : undefined,
  );
}

function drawIsodoses(
  context: CanvasRenderingContext2D,
  view: View,
  placement: Placement,
  shown: DosePlane,
  dash: number[],
): void {
  context.lineWidth = 1.3;
  context.setLineDash(dash);
  for (const level of view.levelsPct) {
    context.strokeStyle = levelColour(level);
    context.stroke(pathOf(isodoseLines(shown, (level / 100) * view.referenceDose), placement));
  }
  context.setLineDash([]);
}

export function levelColour(levelPct: number): string {
  return cssColour(doseColour(levelPct / 100 / SCALE_END));
}

function drawWash(
  context: CanvasRenderingContext2D,
  placement: Placement,
  { doseGy, width, height, left, top }: DosePlane,
  opacity: number,
  colourOf: (value: number) => number[] | undefined,
): void {
  const pixels = new ImageData(width, height);
  const alpha = Math.round(255 * opacity);
  for (let at = 0; at < doseGy.length; at++) {
    const colour = colourOf(doseGy[at]);
    if (colour) pixels.data.set([...colour, alpha], 4 * at);
  }
  const layer = new OffscreenCanvas(width, height);
  layer.getContext('2d')?.putImageData(pixels, 0, 0);
  context.save();
  const { a, b, c, d, e, f } = placement;
  context.transform(a, b, c, d, e, f);
  context.drawImage(layer, left - 0.5, top - 0.5);
  context.restore();
}

/** A dark edge keeps a bright line apart from bright bone. */
function strokeStructure(context: CanvasRenderingContext2D, view: View, shown: ShownStructure, path: Path2D): void {
  context.setLineDash(dashOf(view, shown.structure.group));
  context.lineJoin = 'round';
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth = LINE_PX + 1.4;
  context.stroke(path);
  context.strokeStyle = shown.colour;
  context.lineWidth = LINE_PX;
  context.stroke(path);
  context.setLineDash([]);
}

/** On the slice on which they were made. */
function drawMeasurements(
  context: CanvasRenderingContext2D,
  view: View,
  plane: Plane,
  toCanvas: (pointMm: Vec3) => number[],
): void {
  const halfMm = Math.min(...(view.background?.drawnGrid.spacingMm ?? [1])) / 2;
  for (const { plane: of, fromMm, toMm } of view.measurements) {
    const awayMm = Math.abs(dot(subtract(fromMm, view.cursorMm), planeNormal(plane)));
    if (of !== plane || awayMm > halfMm) continue;
    const [from, to] = [toCanvas(fromMm), toCanvas(toMm)];
    context.strokeStyle = '#ffee58';
    context.lineWidth = 1.6;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
    for (const [x, y] of [from, to]) context.strokeRect(x - 2.5, y - 2.5, 5, 5);
    labelled(context, `${norm(subtract(toMm, fromMm)).toFixed(1)} mm`, [to[0] + 8, to[1] - 6], '#ffee58');
  }
}

function kept<T>(store: Map<string, T>, key: string, make: () => T): T {
  if (store.has(key)) return store.get(key) as T;
  if (store.size > MOST_KEPT) store.clear();
  const made = make();
  store.set(key, made);
  return made;
}
