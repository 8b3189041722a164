import { type Grid, type Mask, type Volume, voxelCount } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { niftiVoxels } from '#lib/viewer/nifti-voxels.ts';
import type { CourseScene, ListedCourse, SceneContours, SceneGrid, VolumeHead } from '#lib/viewer/scene.ts';

/** A volume with what its head says. */
export interface FetchedVolume {
  head: VolumeHead;
  volume: Volume;
}

export const fetchCourses = () => json<ListedCourse[]>('/api/courses');
export const fetchScene = (courseId: string) => json<CourseScene>(`/api/courses/${courseId}`);
export const fetchImageHead = (courseId: string, number: number) =>
  json<VolumeHead>(`/api/courses/${courseId}/images/${number}`);

export function fetchImage(courseId: string, number: number): Promise<FetchedVolume> {
  return fetchVolume(`/api/courses/${courseId}/images/${number}`);
}

export function fetchDose(courseId: string, doseUid: string): Promise<FetchedVolume> {
  return fetchVolume(`/api/courses/${courseId}/doses/${doseUid}`);
}

/** The mask of a structure on the grid of its image. */
export async function fetchMask(courseId: string, number: number, grid: Grid): Promise<Mask> {
  const response = await ask(`/api/courses/${courseId}/masks/${number}/voxels`);
  const box = (response.headers.get('X-Box') ?? '').split(' ').map(Number);
  const [start, size] = [box.slice(0, 3) as Vec3, box.slice(3) as Vec3];
  const data = new Uint8Array(await response.arrayBuffer());
  if (data.length !== voxelCount({ size }))
    throw new Error('the mask does not fit the image: it has another number of voxels');
  return { grid, box: { start, size }, data };
}

export const fetchContours = (courseId: string, number: number) =>
  json<SceneContours>(`/api/courses/${courseId}/contours/${number}`);

export function gridFrom({ sliceOffsetsMm, direction, ...rest }: SceneGrid): Grid {
  return {
    ...rest,
    direction: direction as Grid['direction'],
    ...(sliceOffsetsMm && { sliceOffsetsMm: Float64Array.from(sliceOffsetsMm) }),
  };
}

/** The voxels are on their way while the head is read. */
async function fetchVolume(address: string): Promise<FetchedVolume> {
  const [head, voxels] = await Promise.all([json<VolumeHead>(address), ask(`${address}/voxels`)]);
  const grid = gridFrom(head.grid);
  return { head, volume: { grid, data: await niftiVoxels(piecesOf(voxels), voxelCount(grid)) } };
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) yield piece.value;
  } finally {
    await reader?.cancel();
  }
}

async function json<T>(address: string): Promise<T> {
  return (await ask(address)).json();
}

/** @throws Error with what the server says */
async function ask(address: string): Promise<Response> {
  const response = await fetch(address, { credentials: 'same-origin' }).catch(() => {
    throw new Error('the viewer has stopped. Start `rtpipeline view` again and open the new address');
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
