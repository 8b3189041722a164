/**
 * Every element of every file that pydicom ships, or that lies in a folder, beside pydicom: `npm run peers:dicom [-- FOLDER]`.
 * Of each element the bytes are to be the same, and its values where this product has a keyword for it. What is left out and
 * what differs is told, one line each.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { DataSet } from '../../lib/dicom/data-set.ts';
import { type Elements, readUnknownSequence } from '../../lib/dicom/parsed-data-set.ts';
import { readLayout } from '../../lib/dicom/read.ts';
import { type Keyword, TAGS } from '../../lib/dicom/tags.ts';
import { BadInput, describeError } from '../../lib/errors.ts';
import { pythonWith } from './python-venv.ts';

const PACKAGES = ['pydicom==3.0.2', 'numpy'];
const NUMBERS = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'SV', 'UV', 'DS', 'IS']);

/** Digest of no bytes: what an empty sequence has. */
const NOTHING = createHash('sha1').digest('hex');

/** dicom-parser lists the mark at the end of an item among its elements. */
const ITEM_END = 'xfffee00d';

/** Path, VR, digest of the bytes, values or number of items, error. */
type PeerElement = [string, string, string | null, (string | number | null)[] | number | null, string];
interface PeerFile {
  file: string;
  error?: string;
  elements?: PeerElement[];
}

const tally = {
  files: 0,
  elements: 0,
  bytes: 0,
  values: 0,
  differ: 0,
  privateSequences: 0,
  refusedByBoth: 0,
  refusedHere: 0,
  refusedThere: 0,
};

try {
  const python = process.env.RTPIPELINE_PEER_PYTHON ?? (await pythonWith('dicom', PACKAGES));
  const script = fileURLToPath(new URL('./dicom_tags.py', import.meta.url));
  let head: { root: string; version: string } | undefined;
  const args = ['-W', 'ignore', script, ...process.argv.slice(2, 3)];
  for await (const line of execa(python, args, { buffer: { stdout: false } })) {
    if (head) compareFile(head.root, JSON.parse(line) as PeerFile);
    else head = JSON.parse(line);
  }
  console.log(`pydicom ${head?.version}: ${JSON.stringify(tally)}`);
  if (tally.files === 0) throw new Error('no file was compared');
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${shortly(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
}

/** The last line that the script wrote, where it says what is wrong. */
function shortly(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return stderr?.trim().split('\n').at(-1) || describeError(error);
}

function compareFile(root: string, { file, error, elements = [] }: PeerFile): void {
  const ours = readHere(join(root, file));
  if ('refusal' in ours) {
    tally[error ? 'refusedByBoth' : 'refusedHere'] += 1;
    if (!error) console.log(`${file}: pydicom reads ${elements.length} elements, here it is refused: ${ours.refusal}`);
    return;
  }
  if (error) {
    tally.refusedThere += 1;
    console.log(`${file}: pydicom refuses it, here ${ours.bytes.size} elements are read: ${error}`);
    return;
  }
  tally.files += 1;
  const tell = (what: string) => {
    tally.differ += 1;
    console.log(`${file}: ${what}`);
  };
  const theirs = new Map(elements.map((element) => [element[0], element]));
  const values: string[] = [];
  for (const [path, element] of theirs) {
    if (path.startsWith('0002') || values.some((value) => path.startsWith(`${value}[`))) continue;
    tally.elements += 1;
    const own = ours.bytes.get(path);
    if (element[1] === 'SQ' && isPrivate(path)) {
      values.push(path);
      tally.privateSequences += 1;
    } else if (element[1] === 'SQ' && own && !(own === NOTHING && element[3] === 0)) {
      values.push(path);
      tell(`${path} is one value here, a sequence there`);
    } else if (own === undefined) tell(`${path} (${element[1]}) is missing`);
    else if (element[2] !== null && own !== null) {
      tally.bytes += 1;
      if (own !== element[2]) tell(`${path} (${element[1]}) has other bytes`);
    }
  }
  for (const path of ours.bytes.keys()) if (!theirs.has(path)) tell(`${path} is not in pydicom's data set`);
  for (const [path, { keyword, dataSet }] of ours.known) compareValues(path, keyword, dataSet, theirs.get(path), tell);
}

function compareValues(
  path: string,
  keyword: Keyword,
  dataSet: DataSet,
  peer: PeerElement | undefined,
  tell: (what: string) => void,
): void {
  const [, vr, , values, error] = peer ?? [];
  if (!vr || error || !Array.isArray(values)) return;
  tally.values += 1;
  const own: (string | number)[] = NUMBERS.has(vr) ? dataSet.numbers(keyword) : dataSet.texts(keyword);
  const plain = (value: string | number | null) => (typeof value === 'string' ? value.trim() : value);
  const [here, there] = [own.map(plain), values.map(plain)].map((list) => list.map((one) => one ?? Number.NaN));
  const same =
    here.length === there.length && here.every((value, n) => Object.is(value, there[n]) || value === there[n]);
  const empty = here.every((value) => value === '') && there.every((value) => value === '');
  if (!same && !empty) tell(`${path} ${keyword} (${vr}): ${JSON.stringify(here)} here, ${JSON.stringify(there)} there`);
}

interface Read {
  /** Digest of the bytes of each element by its path; null where it has none of its own: sequences, encapsulated pixels. */
  bytes: Map<string, string | null>;
  /** Elements that have a keyword here. */
  known: Map<string, { keyword: Keyword; dataSet: DataSet }>;
}

function readHere(path: string): Read | { refusal: string } {
  try {
    const { dataSet, layout } = readLayout(new Uint8Array(readFileSync(path)));
    const read: Read = { bytes: new Map(), known: new Map() };
    walkKnown(dataSet, '', read.known);
    walkBytes(layout.elements, layout.bytes, '', read.bytes);
    return read;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return { refusal: error.message };
  }
}

function walkBytes(elements: Elements, whole: Uint8Array, path: string, found: Read['bytes']): void {
  for (const element of Object.values(elements)) {
    const { tag, length, dataOffset, hadUndefinedLength, vr } = element;
    if (tag === ITEM_END) continue;
    if (vr === 'UN' && !isPrivate(tag) && whole[dataOffset] === 0xfe && whole[dataOffset + 1] === 0xff)
      readUnknownSequence(whole, element);
    const { items } = element;
    const here = `${path}${tag.slice(1)}`;
    const isWhole = !hadUndefinedLength && !items && vr !== 'SQ';
    const bytes = whole.subarray(dataOffset, dataOffset + length);
    found.set(here, isWhole ? createHash('sha1').update(bytes).digest('hex') : null);
    for (const [n, item] of (items ?? []).entries())
      walkBytes(item.dataSet?.elements ?? {}, whole, `${here}[${n}].`, found);
  }
}

/** Of a path or a tag, by its last group: nothing here looks into sequences that one vendor alone knows. */
function isPrivate(path: string): boolean {
  return Number.parseInt(path.slice(-8, -4), 16) % 2 === 1;
}

function walkKnown(dataSet: DataSet, path: string, found: Read['known']): void {
  for (const [keyword, [tag, vr]] of Object.entries(TAGS) as [Keyword, [string, string]][]) {
    const here = `${path}${tag.slice(1)}`;
    if (!dataSet.has(keyword)) continue;
    if (vr === 'SQ') for (const [n, item] of dataSet.items(keyword).entries()) walkKnown(item, `${here}[${n}].`, found);
    else found.set(here, { keyword, dataSet });
  }
}
