import { drawnContours } from './contours.ts';
import { listCourses } from './course-list.ts';
import { courseScene } from './course-scene.ts';
import { pageFile } from './page-files.ts';
import type { Answer, Answering } from './server.ts';
import type { ViewedRun } from './viewed-run.ts';
import { volumesOf } from './volumes.ts';

/** Courses, images and doses are addressed by hash, number and UID: no address names a patient. */
const COURSE = /^\/api\/courses\/([0-9a-f]{16})(?:\/(.*))?$/;
const PART = /^(images|doses|masks|contours)\/([0-9.]{1,64})(\/voxels)?$/;

/** What the page asks for, by path. */
export function answersOf(run: ViewedRun): Answering {
  const volumes = volumesOf(run);
  return async (path) => {
    if (path === '/api/courses') return json(await listCourses(run));
    const [, courseId, rest] = COURSE.exec(path) ?? [];
    if (courseId === undefined) return pageFile(path);
    if (rest === undefined) return json(await courseScene(run, courseId));
    const [, kind, name, isVoxels] = PART.exec(rest) ?? [];
    if (kind === 'images')
      return isVoxels
        ? volumes.imageVoxels(courseId, Number(name))
        : json(await volumes.imageHead(courseId, Number(name)));
    if (kind === 'doses')
      return isVoxels ? volumes.doseVoxels(courseId, name) : json(await volumes.doseHead(courseId, name));
    if (kind === 'contours' && !isVoxels) return json(await drawnContours(run, courseId, Number(name)));
    if (kind === 'masks' && isVoxels) return volumes.maskVoxels(courseId, Number(name));
  };
}

function json(value: unknown): Answer {
  return { type: 'application/json', body: JSON.stringify(value) };
}
