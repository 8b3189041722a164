import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Compiled code is kept between commands, jobs and runs, which start sooner for it. It lies with the user, as others could
 * put code of theirs into a folder that all share.
 */
export const COMPILE_CACHE = join(homedir(), '.cache/rtpipeline/compiled');

/** For what this process loads from now on; Node 20 keeps none. */
export function keepCompiledCode(): void {
  module.enableCompileCache?.(COMPILE_CACHE);
}
