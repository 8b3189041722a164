import { z } from 'zod';
import { requestSchema } from '../request.ts';

/** Written last into the folder of an upload: it is complete. No part of what was sent. */
export const READY_MARKER = '_READY.json';

/** What the marker states. An empty object states only that the upload is complete. */
export const readyMarkerSchema = z.strictObject({
  /** Objects of the upload without the marker, and their bytes: checked against what is there. */
  count: z.int().min(0).optional(),
  bytes: z.int().min(0).optional(),
  /** Configuration of this run, over the one that the deployment holds. */
  config: z.record(z.string(), z.unknown()).optional(),
  request: requestSchema.optional(),
  /** Do again what is done. */
  force: z.boolean().default(false),
  /** When it was sent: makes a second run of the same upload another one. */
  sentAt: z.string().optional(),
});
export type ReadyMarker = z.infer<typeof readyMarkerSchema>;
