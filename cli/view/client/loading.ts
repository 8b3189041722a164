import { indexToPatient } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { viewedDose } from '#lib/viewer/dose-plane.ts';
import { nearestVoxelCentre } from '#lib/viewer/plane-raster.ts';
import { windowPresets } from '#lib/viewer/windows.ts';
import {
  type FetchedVolume,
  fetchContours,
  fetchDose,
  fetchImage,
  fetchImageHead,
  fetchMask,
  gridFrom,
} from './fetching.ts';
import { loadVoxels, type Planes } from './planes.ts';
import type { ShownDose, ShownImage, ShownStructure, ViewHolder } from './view.ts';

/**
 * Shows another image below everything else; what lies in another space is no longer drawn.
 * @param fetched the image, when it is on its way already
 */
export async function chooseImage(
  holder: ViewHolder,
  planes: Planes,
  number: number,
  fetched?: Promise<FetchedVolume>,
): Promise<void> {
  const { view } = holder;
  const background = await loadImage(holder, number, fetched);
  const overlaid = view.overlaid?.head.space === background.head.space ? view.overlaid : undefined;
  await planes.show(background, overlaid);
  const { grid } = background.volume;
  const centre = indexToPatient(grid, grid.size.map((count) => Math.floor(count / 2)) as Vec3);
  const isNearby = view.background?.head.space === background.head.space;
  holder.change({
    background,
    overlaid,
    window: background.presets[0],
    cursorMm: nearestVoxelCentre(background.drawnGrid, isNearby ? view.cursorMm : centre),
  });
}

/** Shows a second image over the first; undefined takes it away. @throws Error when their places are not known to each other */
export async function chooseOverlaid(holder: ViewHolder, planes: Planes, number: number | undefined): Promise<void> {
  const { view } = holder;
  if (!view.background) return;
  const overlaid = number === undefined ? undefined : await loadImage(holder, number);
  if (overlaid && overlaid.head.space !== view.background.head.space)
    throw new Error([`${labelOf(holder, overlaid)} cannot be laid over this image.`, ...overlaid.head.notes].join(' '));
  await planes.show(view.background, overlaid);
  planes.setWindow(view.background, view.window);
  if (overlaid) planes.setOverlaid(overlaid, overlaid.presets[0], view.overlaidOpacity);
  planes.moveTo(view.cursorMm);
  planes.render();
  holder.change({ overlaid });
}

/** @throws Error with the reason when the dose cannot be read */
export async function chooseDose(
  holder: ViewHolder,
  which: 'first' | 'second',
  doseUid: string | undefined,
): Promise<void> {
  const { view } = holder;
  const shown = doseUid === undefined ? undefined : await loadDose(holder, doseUid);
  const doses = { ...view.doses, [which]: shown };
  const referenceDose = which === 'first' && shown ? (shown.dose.prescriptionGy ?? shown.greatest) : view.referenceDose;
  holder.change({ doses, referenceDose, ...(!doses.second && { doseMode: 'first' as const }) });
}

export async function loadMask(holder: ViewHolder, shown: ShownStructure): Promise<void> {
  const { number, imageNumber, missing } = shown.structure;
  if (shown.mask || missing !== '' || imageNumber === null) return;
  const { courseId } = holder.view.scene;
  const { grid, space } = await fetchImageHead(courseId, imageNumber);
  shown.mask = await fetchMask(courseId, number, gridFrom(grid));
  if (holder.view.outlines === 'drawn') await loadContours(holder, shown);
  shown.space = space;
  holder.change({ structures: holder.view.structures });
}

/** The contours of a structure that was drawn. @throws Error with the reason when they cannot be read */
export async function loadContours({ view, change }: ViewHolder, shown: ShownStructure): Promise<void> {
  const { number, isDrawn } = shown.structure;
  if (!isDrawn || shown.loops) return;
  shown.loops = (await fetchContours(view.scene.courseId, number)).loops;
  change({ structures: view.structures });
}

async function loadImage({ view }: ViewHolder, number: number, fetched?: Promise<FetchedVolume>): Promise<ShownImage> {
  const { courseId, images } = view.scene;
  const loaded = [view.background, view.overlaid].find((image) => image?.number === number);
  if (loaded) return loaded;
  const { head, volume } = await (fetched ?? fetchImage(courseId, number));
  const volumeId = `${courseId}-${number}`;
  const { grid: drawnGrid } = loadVoxels(volumeId, volume, {
    modality: images[number].modality,
    space: head.space,
  });
  return { head, volume, number, volumeId, drawnGrid, presets: windowPresets(head.quantity, volume.data) };
}

async function loadDose({ view }: ViewHolder, doseUid: string): Promise<ShownDose> {
  const { courseId, doses } = view.scene;
  const loaded = [view.doses.first, view.doses.second].find((shown) => shown?.dose.doseUid === doseUid);
  if (loaded) return loaded;
  const dose = doses.find((one) => one.doseUid === doseUid);
  if (!dose) throw new Error('the course does not have this dose');
  const { head, volume } = await fetchDose(courseId, doseUid);
  const data = volume.data instanceof Float64Array ? volume.data : Float64Array.from(volume.data);
  const greatest = data.reduce((most, value) => Math.max(most, value), 0);
  const unit = head.quantity === 'Gy' ? 'Gy' : '';
  return {
    dose,
    viewed: viewedDose({ grid: volume.grid, data }),
    space: head.space,
    notes: head.notes,
    unit,
    greatest,
  };
}

function labelOf({ view }: ViewHolder, { number }: ShownImage): string {
  return view.scene.images[number].label;
}
