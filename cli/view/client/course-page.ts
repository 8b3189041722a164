import { indexToPatient } from '#lib/image/grid.ts';
import { maskCentroidMm } from '#lib/image/mask.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { ISODOSES } from '#lib/report/pictures/dose-colour.ts';
import type { Plane } from '#lib/report/pictures/picture.ts';
import { outlineColours } from '#lib/viewer/colours.ts';
import { nearestVoxelCentre } from '#lib/viewer/plane-raster.ts';
import type { CourseScene } from '#lib/viewer/scene.ts';
import type { Page } from './course-list.ts';
import { element } from './dom.ts';
import { dosePanel } from './dose-panel.ts';
import { dvhPanel } from './dvh-panel.ts';
import { fetchImage, fetchScene } from './fetching.ts';
import { imagePanel } from './image-panel.ts';
import { chooseDose, chooseImage, loadMask } from './loading.ts';
import { type Overlay, overlayOf } from './overlay.ts';
import { openPlanes, PLANES, type Planes } from './planes.ts';
import { listenOn } from './pointer.ts';
import { readoutPanel } from './readout-panel.ts';
import { structurePanel } from './structure-panel.ts';
import { holdView, type View, type ViewHolder } from './view.ts';

/** Structures that are shown to begin with: the rest is a click away, and a body with 100 outlines shows none. */
const MOST_SHOWN = 16;

/** A course: three planes, what is drawn on them, and the DVHs. */
export async function showCourse(courseId: string): Promise<Page> {
  const scene = await fetchScene(courseId);
  document.title = `${scene.name} - rtpipeline viewer`;
  const holder = holdView(firstView(scene));
  const hosts = Object.fromEntries(PLANES.map((plane) => [plane, planeHost(plane)])) as Record<Plane, PlaneHost>;
  const notes = element('div', { class: 'notes', role: 'status' });
  const tools = element('div', { class: 'tools' });
  const side = element('div', { class: 'side' });
  const chart = element('div', {
    class: 'chart',
    tabindex: 0,
    role: 'group',
    'aria-label': 'DVHs and their numbers',
  });
  const page = element(
    'div',
    { class: 'course' },
    element(
      'header',
      {},
      element('a', { href: '#' }, 'Courses'),
      element('h1', {}, [scene.patient, scene.name, scene.plan].filter(Boolean).join(' · ')),
    ),
    tools,
    notes,
    element('div', { class: 'planes' }, ...PLANES.map((plane) => hosts[plane].frame), chart),
    side,
  );
  return { page, begin: () => begin(holder, hosts, { tools, side, notes, chart }) };
}

interface PlaneHost {
  frame: HTMLDivElement;
  drawn: HTMLDivElement;
  overlay: HTMLCanvasElement;
}

interface Places {
  tools: HTMLElement;
  side: HTMLElement;
  notes: HTMLElement;
  chart: HTMLElement;
}

async function begin(holder: ViewHolder, hosts: Record<Plane, PlaneHost>, places: Places): Promise<void> {
  const { view } = holder;
  const planning = view.scene.images.find(({ role }) => role === 'planning') ?? view.scene.images[0];
  const say = (text: string) => places.notes.replaceChildren(...(text ? [element('p', {}, text)] : []));
  if (!planning) return say('This course has no image: there is nothing to show.');
  say('Loading the image');
  // Loads while the drawing library starts; a failure is reported where it is awaited.
  const fetched = fetchImage(view.scene.courseId, planning.number);
  fetched.catch(() => undefined);
  const planes = await openPlanes({
    axial: hosts.axial.drawn,
    coronal: hosts.coronal.drawn,
    sagittal: hosts.sagittal.drawn,
  });
  const overlays = PLANES.map((plane) => overlayOf(plane, hosts[plane].overlay, planes));
  for (const plane of PLANES) listenOn(plane, hosts[plane].drawn, planes, holder);
  drawOnChange(holder, planes, overlays, hosts);
  await chooseImage(holder, planes, planning.number, fetched);
  places.tools.append(imagePanel(holder, planes, hosts));
  places.side.append(readoutPanel(holder), dosePanel(holder), structurePanel(holder));
  places.chart.append(dvhPanel(holder));
  say('Loading structures and dose');
  const problems = await loadRest(holder);
  places.notes.replaceChildren(...[...view.scene.notes, ...problems].map((note) => element('p', {}, note)));
  const centre = startOf(view);
  if (centre && view.background) holder.change({ cursorMm: nearestVoxelCentre(view.background.drawnGrid, centre) });
  document.documentElement.dataset.state = 'shown';
}

/** Masks of the visible structures, and the dose of the DVHs; what cannot be shown is reported. */
async function loadRest(holder: ViewHolder): Promise<string[]> {
  const { view } = holder;
  const problems: string[] = [];
  const told = (work: Promise<unknown>, what: string) =>
    work.catch((error) => problems.push(`${what}: ${(error as Error).message}`));
  const [dose] = view.scene.doses;
  await Promise.all([
    ...view.structures
      .filter(({ isVisible }) => isVisible)
      .map((shown) => told(loadMask(holder, shown), shown.structure.name)),
    ...(dose?.isEvaluated ? [told(chooseDose(holder, 'first', dose.doseUid), 'dose')] : []),
  ]);
  return problems;
}

/** The window and the overlaid image go to the drawing library, all else is drawn over it. */
function drawOnChange(
  { view, watch }: ViewHolder,
  planes: Planes,
  overlays: Overlay[],
  hosts: Record<Plane, PlaneHost>,
): void {
  let isPending = false;
  const draw = () => {
    isPending = false;
    for (const overlay of overlays) overlay.draw(view);
  };
  const soon = () => {
    if (!isPending) requestAnimationFrame(draw);
    isPending = true;
  };
  watch((changed) => {
    if (changed.has('cursorMm')) planes.moveTo(view.cursorMm);
    if (changed.has('window') && view.background) {
      planes.setWindow(view.background, view.window);
      planes.render();
    }
    soon();
  });
  for (const plane of PLANES) hosts[plane].drawn.addEventListener('CORNERSTONE_IMAGE_RENDERED', soon);
  const observer = new ResizeObserver(() => {
    if (!hosts.axial.frame.isConnected) return observer.disconnect();
    planes.resize();
    soon();
  });
  observer.observe(hosts.axial.frame);
}

function firstView(scene: CourseScene): View {
  const drawable = scene.structures.filter(({ missing }) => missing === '');
  const [firstGroup] = drawable.map(({ group }) => group);
  const shown = drawable.filter(({ group }) => group === firstGroup).slice(0, MOST_SHOWN);
  const colours = outlineColours(scene.structures.map(nameOf));
  const prescription = scene.doses[0]?.prescriptionGy;
  return {
    scene,
    overlaidOpacity: 0.5,
    window: { centre: 50, width: 400 },
    cursorMm: [0, 0, 0],
    structures: scene.structures.map((structure) => ({
      structure,
      colour: colours.get(nameOf(structure)) ?? '#ffffff',
      isVisible: shown.includes(structure),
    })),
    outlines: 'counted',
    compared: ['', ''],
    doses: {},
    doseMode: 'first',
    referenceDose: prescription ?? 1,
    hasWash: true,
    washOpacity: 0.35,
    hasIsodoses: true,
    levelsPct: ISODOSES.map((part) => Math.round(100 * part)),
    isMeasuring: false,
    measurements: [],
  };
}

function nameOf({ standardName, name }: CourseScene['structures'][number]): string {
  return standardName ?? name;
}

/** The middle of the first target, else of the image. */
function startOf({ structures, background }: View): Vec3 | undefined {
  const target = structures.find(({ structure, mask }) => mask && /^[pcgi]tv/i.test(structure.name));
  const centre = target?.mask && maskCentroidMm(target.mask);
  if (centre) return centre;
  if (!background) return undefined;
  const { grid } = background.volume;
  return indexToPatient(grid, grid.size.map((count) => Math.floor(count / 2)) as Vec3);
}

function planeHost(plane: Plane): PlaneHost {
  const label = `${plane} plane: arrow keys go through slices, plus and minus zoom, 0 shows all`;
  const drawn = element('div', { class: 'drawn', tabindex: 0, role: 'group', 'aria-label': label });
  const overlay = element('canvas', { class: 'overlay', 'aria-hidden': 'true' });
  return { drawn, overlay, frame: element('div', { class: `plane ${plane}` }, drawn, overlay) };
}
