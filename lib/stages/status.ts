import { z } from 'zod';

/**
 * `status/<stage>.json`, written last: what a stage did with its input. `skipped` is a decision (disabled, nothing to
 * do, no tool) and has a reason; `failed` has one too and is never taken for done.
 */
export const statusSchema = z.object({
  stage: z.string(),
  status: z.enum(['ok', 'skipped', 'failed']),
  reason: z.string().default(''),
  /** Digest of everything that the result follows from: course, upstream results, configuration, code version. */
  inputDigest: z.string(),
  /** Digest of keys and contents of `outputs`. */
  outputDigest: z.string(),
  codeVersion: z.string(),
  startedAt: z.string(),
  seconds: z.number(),
  peakMemoryMiB: z.number(),
  findings: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['info', 'warning', 'error']),
      where: z.string(),
      message: z.string(),
    }),
  ),
  outputs: z.array(z.object({ key: z.string(), bytes: z.number(), sha256: z.string() })),
});

export type StageStatus = z.infer<typeof statusSchema>;
