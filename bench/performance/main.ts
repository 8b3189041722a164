import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OURS, spreadOf, type Timed, timeEntry } from './entry.ts';
import { makeMaterial } from './material.ts';
import { timePeers } from './peers.ts';
import { timeCommands } from './process-works.ts';
import { type Missing, thisMachine, writeResults } from './results.ts';
import { works } from './works.ts';

/**
 * Times the same seeded works by the product and, with `--peers`, by the packages of the field: `npm run bench -- --peers`.
 * `--only <text>` times works whose name holds the text. Only a whole run with peers is kept in results.json, from which
 * `npm run docs:performance` makes docs/performance.md.
 */
const { values } = parseArgs({
  options: { peers: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
const material = await makeMaterial();
try {
  const timed: Timed[] = [];
  const missing: Missing[] = [];
  for (const entry of await works(material))
    if (entry.work.includes(values.only)) timed.push(told(await timeEntry(entry)));
  timed.push(...timeCommands(material, values.only).map(told));
  if (values.peers) {
    const peers = await timePeers(material);
    timed.push(...peers.timed.filter(({ work }) => work.includes(values.only)).map(told));
    missing.push(...peers.missing);
  }
  if (values.peers && values.only === '') writeResults({ ...thisMachine(), timed, missing });
} finally {
  rmSync(material.folder, { recursive: true });
}

function told(one: Timed): Timed {
  const { least, median, most } = spreadOf(one.seconds);
  const figures = [least, median, most].map((seconds) => seconds.toFixed(3)).join(' - ');
  console.log(`${one.work.padEnd(48)} ${figures} s  ${one.by === OURS ? '' : one.by}`);
  return one;
}
