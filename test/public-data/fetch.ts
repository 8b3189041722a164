import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bringFiles, isThere } from './bring.ts';
import { publicFiles } from './manifest.ts';

/** `npm run test:data -- [--mirror <git URL with {owner} and {name}>]`: brings the public sample data of the tests. */
const FOLDER = fileURLToPath(new URL('../../.cache/public-data', import.meta.url));
const { mirror } = parseArgs({
  options: { mirror: { type: 'string', default: 'https://github.com/{owner}/{name}.git' } },
}).values;

const files = publicFiles();
const failed = await bringFiles(files, mirror, FOLDER);
console.log(`${files.filter((file) => isThere(file, FOLDER)).length} of ${files.length} files are in ${FOLDER}`);
for (const line of failed) console.error(`NOT BROUGHT: ${line}`);
if (failed.length > 0) process.exitCode = 1;
