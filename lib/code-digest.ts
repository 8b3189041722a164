import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Digest of the code that computes. Every stage's digest includes it, so a result of other code is recomputed, whatever
 * the version says. A bundle has the digest built in, and an image has it as a file. A job on one machine gets it from
 * its run. A clone reads its own files, once per process.
 */
export interface CodeDigest {
  /** Of everything that a number may follow from. */
  all: string;
  /** Of what reads images and makes label maps: hours of a GPU are not computed again because a table changed. */
  images: string;
}

/** Put in by esbuild's `define`, as `codeDigestText` gives it. */
declare const RTPIPELINE_CODE: string | undefined;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The digest in an image, which holds no lock file to compute it from. */
const FILE = join(ROOT, 'code-digest');

const FOLDERS = ['lib', 'statemachine', 'containers'];
const CODE = /\.(m?ts|mjs|json|yaml)$/;
const LOCK = 'package-lock.json';
const OF_IMAGES = [
  LOCK,
  'lib/math/',
  'lib/image/',
  'lib/dicom/',
  'lib/nifti/',
  'lib/rt/',
  'lib/segmentation/',
  'lib/stages/segmentation/',
  'lib/course-store/images.ts',
];
const DIGITS = 16;

let known: CodeDigest | undefined;

/** The digest of the code that this process runs. */
export function codeDigest(): CodeDigest {
  known ??= fromText(builtIn() ?? (isClone() ? digestOfFiles(ROOT) : digestOfImage()));
  return known;
}

/** The same as one text, to be built into a bundle or handed to a job. */
export function codeDigestText(): string {
  const { all, images } = codeDigest();
  return `${all} ${images}`;
}

/** The digest that the run passes to its jobs, after it has read the files. */
export function useCodeDigest(text: string | undefined): void {
  if (text !== undefined) known = fromText(text);
}

/** Whether the files of a clone are others than those that this process began with: somebody updates it. */
export function codeHasChanged(): boolean {
  return builtIn() === undefined && isClone() && digestOfFiles(ROOT) !== codeDigestText();
}

/** Of the files as they lie there now, in the form of `codeDigestText`. */
export function digestOfFiles(root: string): string {
  const paths = FOLDERS.flatMap((folder) => filesBelow(root, folder)).filter((path) => CODE.test(path));
  const lines = [...paths, LOCK].sort().map((path) => `${path} ${hash('sha256', readFileSync(join(root, path)))}\n`);
  const ofImages = lines.filter((line) => OF_IMAGES.some((start) => line.startsWith(start)));
  return [lines, ofImages].map((some) => hash('sha256', some.join('')).slice(0, DIGITS)).join(' ');
}

function isClone(): boolean {
  return existsSync(join(ROOT, LOCK));
}

function digestOfImage(): string {
  if (existsSync(FILE)) return readFileSync(FILE, 'utf8');
  throw new Error(`cannot find out which code runs: there is neither ${LOCK} nor code-digest in ${ROOT}`);
}

function builtIn(): string | undefined {
  return typeof RTPIPELINE_CODE === 'undefined' ? undefined : RTPIPELINE_CODE;
}

function fromText(text: string): CodeDigest {
  const [all, images] = text.trim().split(' ');
  return { all, images };
}

function filesBelow(root: string, folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

// `node lib/code-digest.ts > code-digest`, as the images are built.
if (import.meta.main) console.log(codeDigestText());
