import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregateJob } from '#lib/stages/task.ts';
import { memoryStore } from '#lib/store/memory.ts';

/** Sizes of Fargate tasks: 2 CPUs with 4 to 16 GiB, 4 with 8 to 30 GiB, in steps of 1 GiB (AWS, task size). */
const CLAIMS: [courses: number, cpus: number, memoryMiB: number][] = [
  [0, 2, 4096],
  [1, 2, 5120],
  [128, 2, 5120],
  [129, 2, 6144],
  [1536, 2, 16_384],
  [1537, 4, 17_408],
  [3328, 4, 30_720],
  [100_000, 4, 30_720],
];

for (const [courses, cpus, memoryMiB] of CLAIMS)
  test(`the tables job of ${courses} courses requests a Fargate size: ${cpus} CPUs, ${memoryMiB} MiB`, async () => {
    const job = await aggregateJob({ input: memoryStore(), store: memoryStore() }, courses);
    assert.deepEqual([job.cpus, job.memoryMiB], [cpus, memoryMiB]);
  });
