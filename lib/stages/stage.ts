import type { ZodType } from 'zod';
import type { StageContext } from '../course-store/context.ts';

/** The only place where the pure parts and I/O meet. Idempotent: the same input writes the same keys. */
export interface Stage<Input, Output> {
  name: string;
  input: ZodType<Input>;
  run(input: Input, context: StageContext): Promise<Output>;
}

/** A stage of any input: each checks its own by its schema. */
// biome-ignore lint/suspicious/noExplicitAny: what stands behind a name is known only when it runs
export type AnyStage = Stage<any, unknown>;

/** Finds a stage by its name. */
export type StageLoader = (name: string) => Promise<AnyStage | undefined>;
