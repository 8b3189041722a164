import { z } from 'zod';
import { FINDINGS, type FindingCode } from '../finding-register.ts';

/**
 * `status/<stage>.json`, written last: what a stage did with its input. `skipped` is a decision (disabled, nothing to
 * do, no tool) and has a reason; `partial` has results and a reason why some are missing; `failed` has none. Neither of
 * these two is taken for done.
 */
export const statusSchema = z.object({
  stage: z.string(),
  status: z.enum(['ok', 'partial', 'skipped', 'failed']),
  reason: z.string().default(''),
  /** Digest of everything that the result follows from: course, upstream results, configuration, code version. */
  inputDigest: z.string(),
  /** Digest of how it was to be computed: time limits, programs. */
  meansDigest: z.string().default(''),
  /** Digest of keys and contents of `outputs`. */
  outputDigest: z.string(),
  codeVersion: z.string(),
  startedAt: z.string(),
  seconds: z.number(),
  peakMemoryMiB: z.number(),
  findings: z.array(
    z.object({
      code: z.enum(Object.keys(FINDINGS) as FindingCode[]),
      severity: z.enum(['info', 'warning', 'error']),
      where: z.string(),
      message: z.string(),
      structureSetUid: z.string().optional(),
      roiNumber: z.number().optional(),
      roiName: z.string().optional(),
      source: z.string().optional(),
      doseUid: z.string().optional(),
      imageSeriesUid: z.string().optional(),
      part: z.string().optional(),
      positionMm: z.tuple([z.number(), z.number(), z.number()]).readonly().optional(),
    }),
  ),
  outputs: z.array(z.object({ key: z.string(), bytes: z.number(), sha256: z.string() })),
});

export type StageStatus = z.infer<typeof statusSchema>;
