import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { renderReport } from '#lib/report/cohort/cohort-page.ts';
import { sampleReport } from '#test/fixtures/report-input.ts';
import { openChromium } from './chromium.ts';
import { watchedPage } from './watched-page.ts';

/** The pages in a real browser: `npm run test:browser`. Pictures of them lie in `test/browser/pictures`. */
const PICTURES = new URL('./pictures/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-browser-'));

let browser: Browser;
let missing: string | undefined;

before(async () => {
  const opened = await openChromium();
  if ('missing' in opened) missing = opened.missing;
  else browser = opened;
  mkdirSync(PICTURES, { recursive: true });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the report opens without a complaint and asks for nothing but itself', async (t) => {
  if (missing) return t.skip(missing);
  const file = join(folder, 'report.html');
  writeFileSync(file, renderReport(sampleReport(12)));
  const { page, complaints, requests, close } = await watchedPage(browser, pathToFileURL(file).href);
  await page.screenshot({ path: join(PICTURES, 'cohort.png') });
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests, [pathToFileURL(file).href]);
  await close();
});
