import { z } from 'zod';
import { readJsonIfAny } from '../course-store/json.ts';
import { runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';

/** What of an upload is asked for; empty lists mean all. */
export const requestSchema = z.strictObject({
  patients: z.array(z.string()).default([]),
  stages: z.array(z.string()).default([]),
});
export type UploadRequest = z.infer<typeof requestSchema>;

/** What of the upload the run does: as it was asked for, but for what the account cannot do. */
const runRequestSchema = requestSchema.extend({
  /** Stage -> why the run leaves it out. */
  leftOut: z.record(z.string(), z.string()).default({}),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/** `private/request.json` */
export async function readRequest(store: ObjectStore): Promise<RunRequest> {
  return runRequestSchema.parse((await readJsonIfAny(store, runKeys.request)) ?? {});
}
