/**
 * The RTSTRUCT and SEG objects that the product writes, as OHIF and other viewers of Cornerstone3D open them, in Chromium:
 * `npm run peers:cornerstone`. The library's adapter reads the SEG. It has no reader of RTSTRUCT: OHIF takes the contours of
 * what dcmjs reads, and so does this page. What comes out is to be the voxels of the masks.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { unused } from '../../cli/view/client-script.ts';
import { writeDicom } from '../../lib/dicom/write.ts';
import { describeError } from '../../lib/errors.ts';
import type { Grid } from '../../lib/image/grid.ts';
import { fullMaskData } from '../../lib/image/mask.ts';
import type { Roi } from '../../lib/rt/structure-set.ts';
import { maskOfRoi } from '../../lib/structures/rasterize.ts';
import { segmentationOf } from '../../lib/structures/write-segmentation.ts';
import { structureSetOf } from '../../lib/structures/write-structure-set.ts';
import type { WrittenStructure } from '../../lib/structures/written-structures.ts';
import { openChromium } from '../../test/browser/chromium.ts';
import { ODD_GRIDS } from '../../test/fixtures/masks.ts';
import {
  IDENTITY_OF_OBJECT,
  PATIENT_AND_STUDY,
  sourceImage,
  threeStructures,
} from '../../test/fixtures/written-structures.ts';

const VERSION = '5.14.0';
/** The adapters use Babel's helpers and do not name them. */
const PACKAGES = [
  ...['adapters', 'core', 'tools', 'metadata'].map((name) => `@cornerstonejs/${name}@${VERSION}`),
  '@babel/runtime',
];
const MODULES = fileURLToPath(new URL('../../.cache/peers/cornerstone', import.meta.url));
const PAGE = fileURLToPath(new URL('./cornerstone-page.js', import.meta.url));

/** What the page answers of one course. */
interface Opened {
  /** Places in the image by number of the segment. */
  segments: { number: number; label: string; voxels: number[] }[];
  rois: { number: number; name: string; colour: number[]; contours: { imageUid: string; points: number[] }[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'peers-cornerstone-'));
try {
  await installPeer();
  writeFileSync(join(folder, 'page.html'), `<!doctype html><script>${await bundledPage()}</script>`);
  const browser = await openChromium();
  if ('missing' in browser) throw new Error(browser.missing);
  try {
    for (const [name, grid] of Object.entries(ODD_GRIDS)) {
      const structures = threeStructures(grid);
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(folder, 'page.html')).href);
      const input = JSON.stringify(objectsOf(grid, structures));
      tell(name, grid, structures, (await page.evaluate(`openObjects(${input})`)) as Opened);
      await page.close();
    }
  } finally {
    await browser.close();
  }
} catch (error) {
  console.error(`\n!!! THE PEER DID NOT RUN: ${describeError(error)}\n!!! Nothing was compared.\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

async function installPeer(): Promise<void> {
  if (existsSync(join(MODULES, 'node_modules/@cornerstonejs/adapters'))) return;
  mkdirSync(MODULES, { recursive: true });
  writeFileSync(join(MODULES, 'package.json'), '{"private":true}');
  await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], { cwd: MODULES });
}

async function bundledPage(): Promise<string> {
  const { outputFiles } = await build({
    // One copy of the library: that of the peer, not the viewer's.
    stdin: { contents: readFileSync(PAGE, 'utf8'), resolveDir: MODULES },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    define: { global: 'window' },
    plugins: [unused()],
    logLevel: 'error',
  });
  return outputFiles[0].text.replaceAll('</script', '<\\/script');
}

/** The objects in base64, and the image that they are of. */
function objectsOf(grid: Grid, structures: WrittenStructure[]) {
  const options = {
    label: 'PEER',
    identity: IDENTITY_OF_OBJECT,
    patientAndStudy: PATIENT_AND_STUDY,
    image: sourceImage(grid),
  };
  const encoded = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    grid: { ...grid, sliceOffsetsMm: grid.sliceOffsetsMm && [...grid.sliceOffsetsMm] },
    image: options.image,
    seg: encoded(writeDicom(segmentationOf(structures, options))),
    rtstruct: encoded(writeDicom(structureSetOf(structures, options))),
  };
}

function tell(name: string, grid: Grid, structures: WrittenStructure[], { segments, rois }: Opened): void {
  const drawn = structures.filter(({ mask }) => mask.data.includes(1));
  const faults: string[] = [];
  for (const { number, name: roiName, mask, colorRgb } of drawn) {
    const inside = fullMaskData(mask);
    const segment = segments.find(({ label }) => label === roiName);
    const voxels = new Set(segment?.voxels);
    const differ = inside.reduce((count, value, at) => count + Number((value === 1) !== voxels.has(at)), 0);
    if (differ > 0) faults.push(`SEG: ${roiName} has ${differ} other voxels`);
    const roi = rois.find((one) => one.number === number);
    const contours = (roi?.contours ?? []).map(({ imageUid, points }) => ({
      type: 'CLOSED_PLANAR' as const,
      pointsMm: Float64Array.from(points),
      imageUids: [imageUid],
    }));
    const read = fullMaskData(maskOfRoi({ number, name: roiName, contours } as unknown as Roi, grid).mask);
    const others = inside.reduce((count, value, at) => count + Number(value !== read[at]), 0);
    if (others > 0) faults.push(`RTSTRUCT: ${roiName} has ${others} other voxels`);
    if (roi?.name !== roiName || String(roi.colour) !== String(colorRgb)) faults.push(`RTSTRUCT: ${roiName} is lost`);
  }
  console.log(`${name}: ${drawn.length} structures, ${faults.length} faults`);
  for (const fault of faults) console.error(`!!! ${name}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
