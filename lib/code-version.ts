import manifest from '../package.json' with { type: 'json' };

/** Version of the product, for people. What tells results of other code apart is lib/code-digest.ts. */
export const VERSION: string = manifest.version;
