// Loaded by --import into the process of a test and its workers: gives one file the text of a mutant.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const { MUTANT_URL, MUTANT_SOURCE } = process.env;
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url.split('?')[0] !== MUTANT_URL) return loaded;
    return { ...loaded, source: readFileSync(MUTANT_SOURCE, 'utf8') };
  },
});
