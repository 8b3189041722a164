import { z } from 'zod';
import { readJsonIfAny } from '../course-store/json.ts';
import { runKeys } from '../store/keys.ts';
import type { ObjectStore } from '../store/store.ts';

/** `private/request.json`: what of the upload is asked for; empty lists mean all. */
export const requestSchema = z.strictObject({
  patients: z.array(z.string()).default([]),
  stages: z.array(z.string()).default([]),
});
export type RunRequest = z.infer<typeof requestSchema>;

export async function readRequest(store: ObjectStore): Promise<RunRequest> {
  return requestSchema.parse((await readJsonIfAny(store, runKeys.request)) ?? {});
}
