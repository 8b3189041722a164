import type { Vec3 } from '#lib/math/vec3.ts';
import { addScaled } from '#lib/math/vec3.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import { nearestVoxelCentre, planeNormal } from '#lib/viewer/plane-raster.ts';
import type { Planes } from './planes.ts';
import type { View, ViewHolder } from './view.ts';

const ZOOM_STEP = 1.15;
const FAR = 10;
const MOST_ZOOM = 40;
const LEAST_ZOOM = 0.2;

/**
 * What mouse and keys do on a plane: left button moves the cross hairs or measures, right button the grey window, middle
 * button or Shift the picture; the wheel goes through slices, with Ctrl it zooms.
 */
export function listenOn(plane: Plane, element: HTMLElement, planes: Planes, holder: ViewHolder): void {
  const { view } = holder;
  const pointAt = ({ offsetX, offsetY }: MouseEvent) =>
    planes.viewport(plane).canvasToWorld([offsetX, offsetY]) as Vec3;
  const zoom = (factor: number) => {
    const viewport = planes.viewport(plane);
    viewport.setZoom(Math.min(Math.max(viewport.getZoom() * factor, LEAST_ZOOM), MOST_ZOOM));
    viewport.render();
  };
  const reset = () => {
    planes.viewport(plane).resetCamera();
    planes.moveTo(view.cursorMm);
    planes.render();
  };

  element.addEventListener('contextmenu', (event) => event.preventDefault());
  element.addEventListener('dblclick', reset);
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (event.ctrlKey) zoom(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
      else holder.change({ cursorMm: scrolled(view, plane, event.deltaY < 0 ? 1 : -1) });
    },
    { passive: false },
  );
  element.addEventListener('pointerdown', (event) => {
    element.setPointerCapture(event.pointerId);
    const drag = dragFor(event);
    const move = (moved: PointerEvent) => drag(moved);
    const end = () => element.removeEventListener('pointermove', move);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', end, { once: true });
    element.addEventListener('pointercancel', end, { once: true });
    drag(event);
  });
  element.addEventListener('keydown', (event) => {
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const scroll = (slices: number) => () => holder.change({ cursorMm: scrolled(view, plane, slices) });
  const KEYS: Record<string, () => void> = {
    ArrowUp: scroll(1),
    ArrowDown: scroll(-1),
    PageUp: scroll(FAR),
    PageDown: scroll(-FAR),
    '+': () => zoom(ZOOM_STEP),
    '-': () => zoom(1 / ZOOM_STEP),
    '0': reset,
  };

  function dragFor(start: PointerEvent): (event: PointerEvent) => void {
    if (start.button === 2) return windowDrag(start);
    if (start.button === 1 || start.shiftKey) return panDrag(start);
    if (view.isMeasuring) return measureDrag(pointAt(start));
    return (event) => holder.change({ cursorMm: onVoxel(view, pointAt(event)) });
  }

  /** To the right: wider; down: brighter. */
  function windowDrag(start: PointerEvent): (event: PointerEvent) => void {
    const { centre, width } = view.window;
    const step = Math.max(width, 1e-6) / 300;
    return (event) => {
      const [right, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
      holder.change({ window: { centre: centre - down * step, width: Math.max(width + right * 2 * step, 2 * step) } });
    };
  }

  function panDrag(start: PointerEvent): (event: PointerEvent) => void {
    const viewport = planes.viewport(plane);
    const [x, y] = viewport.getPan();
    return (event) => {
      viewport.setPan([x + event.clientX - start.clientX, y + event.clientY - start.clientY]);
      viewport.render();
    };
  }

  function measureDrag(fromMm: Vec3): (event: PointerEvent) => void {
    const before = view.measurements;
    return (event) => holder.change({ measurements: [...before, { plane, fromMm, toMm: pointAt(event) }] });
  }
}

function onVoxel({ background }: View, pointMm: Vec3): Vec3 {
  return background ? nearestVoxelCentre(background.drawnGrid, pointMm) : pointMm;
}

/** Some slices on: up the patient, to the back, to the left. */
function scrolled(view: View, plane: Plane, slices: number): Vec3 {
  const { background, cursorMm } = view;
  if (!background) return cursorMm;
  const { direction, spacingMm } = background.drawnGrid;
  const normal = planeNormal(plane);
  const weights = ([0, 1, 2] as const).map((a) =>
    Math.abs(direction[a] * normal[0] + direction[3 + a] * normal[1] + direction[6 + a] * normal[2]),
  );
  const along = weights.indexOf(Math.max(...weights));
  return onVoxel(view, addScaled(cursorMm, slices * spacingMm[along], normal));
}
