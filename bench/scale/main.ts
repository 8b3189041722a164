import { scalePage } from './page.ts';
import { sweeps } from './sweeps.ts';

/** Prints docs/scale.md: `node bench/scale/main.ts`. Takes about a minute; the same numbers each time. */
process.stdout.write(scalePage(await sweeps()));
