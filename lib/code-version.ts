import manifest from '../package.json' with { type: 'json' };

/** Version of the code, part of every stage's digest: a new version computes again. */
export const VERSION: string = manifest.version;
