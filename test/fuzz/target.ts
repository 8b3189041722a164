import type { Random } from '#lib/random.ts';

/** A reader under test: broken inputs, and what reads them. */
export interface Target {
  /** A broken input; the same for the same random numbers. */
  mutant(random: Random): unknown;
  /** Reads it as the product does. What it throws is judged by who calls. */
  read(mutant: unknown): Promise<void>;
}
