import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { renderReport } from '#lib/report/cohort/cohort-page.ts';
import { volumeAt } from '#lib/report/curve.ts';
import type { ReportInput } from '#lib/report/input.ts';
import type { Row } from '#lib/tables/table.ts';
import { writeReport } from '#test/fixtures/report-folder.ts';
import { sampleCurves, sampleReport } from '#test/fixtures/report-input.ts';
import { openChromium } from './chromium.ts';
import { accessibilityFaults, type WatchedPage, watchedPage } from './watched-page.ts';

/** The report in a real browser: `npm run test:browser`. Pictures of its pages lie in `test/browser/pictures`. */
const PICTURES = new URL('./pictures/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-browser-'));
const input = sampleReport(12);
const cohort = writeReport(folder, input);
const [FIRST] = input.tables[0].rows.map(({ course_id }) => String(course_id));
const coursePath = join(folder, 'report', `${FIRST}.html`);

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

/** A test of an open page: it fails too when the page complains or asks for anything beside itself. */
function pageTest(name: string, path: string, check: (opened: WatchedPage) => Promise<void>, options = {}): void {
  test(name, async (t: TestContext) => {
    if (missing) return t.skip(missing);
    const opened = await watchedPage(browser, pathToFileURL(path).href, options);
    await check(opened);
    assert.deepEqual(opened.complaints, []);
    assert.deepEqual(opened.requests, [pathToFileURL(path).href]);
    await opened.close();
  });
}

const PAGES = { cohort, course: coursePath };
for (const [name, path] of Object.entries(PAGES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    pageTest(
      `${name} page, ${colorScheme}: no fault of accessibility, whatever is unfolded`,
      path,
      async ({ page }) => {
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), fullPage: true });
        await unfoldAll(page);
        assert.deepEqual(await accessibilityFaults(page), []);
      },
      { colorScheme },
    );
  }

  for (const width of [390, 1280, 1920]) {
    pageTest(
      `${name} page at ${width} pixels: nothing stands out at the side`,
      path,
      async ({ page }) => {
        await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
        const [wide, shown] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        );
        assert.ok(wide <= shown, `${wide} pixels in ${shown}`);
      },
      { viewport: { width, height: 900 } },
    );
  }

  pageTest(
    `${name} page in print: no controls, and no header repeats in the middle of a table`,
    path,
    async ({ page }) => {
      await page.emulateMedia({ media: 'print' });
      await page.pdf({ path: join(PICTURES, `${name}.pdf`) });
      assert.equal(await page.locator('.controls:visible').count(), 0);
      const positions = await page.evaluate<string[]>(
        `[...document.querySelectorAll('th,header')].map((head) => getComputedStyle(head).position)`,
      );
      assert.ok(!positions.includes('sticky') && !positions.includes('fixed'));
      // Colours of legends and bars: a printer leaves backgrounds out unless a page asks for them.
      const colours = await page.evaluate<string[]>(
        `[...document.querySelectorAll('i')].map((mark) => getComputedStyle(mark).printColorAdjust)`,
      );
      assert.deepEqual([...new Set(colours)], ['exact']);
    },
  );

  pageTest(`${name} page: every link ends somewhere`, path, async ({ page }) => {
    await unfoldAll(page);
    const links = await page.evaluate<string[]>(`[...document.querySelectorAll('a')].map((link) => link.href)`);
    assert.ok(links.length > 5);
    for (const link of links) {
      const { pathname, hash } = new URL(link);
      const file = fileURLToPath(pathToFileURL(decodeURI(pathname)));
      assert.ok(existsSync(file), `${link}: no such file`);
      if (hash) assert.ok(readFileSync(file, 'utf8').includes(`id="${hash.slice(1)}"`), `${link}: no such place`);
    }
  });
}

pageTest('the table of metrics fits on 1280 pixels', coursePath, async ({ page }) => {
  const box = page.locator('#metrics .scroll');
  const [wide, shown] = await box.evaluate((node) => [node.scrollWidth, node.clientWidth]);
  assert.ok(wide <= shown, `${wide} pixels in ${shown}`);
});

pageTest('search, filter and sort leave the right courses, and the CSV holds them', cohort, async ({ page }) => {
  const patients = () => page.locator('#course-table tbody tr td:first-child').allTextContents();
  assert.equal((await patients()).length, 12);
  await page.getByRole('searchbox').fill('RTP-00');
  assert.equal((await patients()).length, 9);
  await page.getByLabel('State').selectOption('failed');
  assert.deepEqual(await patients(), ['RTP-004']);
  await page.getByLabel('State').selectOption('');
  await page.getByRole('button', { name: 'Patient' }).click();
  await page.getByRole('button', { name: 'Patient' }).click();
  assert.deepEqual((await patients()).slice(0, 2), ['RTP-009', 'RTP-008']);
  const csv = await saved(page, () => page.getByRole('button', { name: 'Save these courses as CSV' }).click());
  const lines = csv.toString().trim().split('\r\n');
  assert.equal(lines.length, 10);
  assert.match(lines[1], /RTP-009,/);
});

pageTest('the matrices show structures and goals as the tables have them', cohort, async ({ page }) => {
  await page.getByLabel('Show').selectOption('structures');
  const cell = (name: string) =>
    page.locator('#course-table tbody tr').first().getByTitle(`${name}: `, { exact: false });
  assert.equal(await cell('Rectum').getAttribute('aria-label'), 'mask');
  assert.equal(await cell('Bag_Bowel').getAttribute('aria-label'), 'no mask');
  await page.screenshot({ path: join(PICTURES, 'cohort-structures.png'), fullPage: true });
  await page.getByLabel('Show').selectOption('goals');
  assert.equal(
    await page.locator('#course-table tbody tr').first().locator('.mark span').getAttribute('aria-label'),
    'passes',
  );
});

pageTest('what needs attention names its courses and shows them in the table', cohort, async ({ page }) => {
  const group = page.locator('#attention-list details', { hasText: 'Stages that failed' });
  await group.locator('summary').click();
  assert.match(
    await textOf(group.locator('li').first()),
    /RTP-004 2023-03\s*radiomics: Slice 17 of the images is missing/,
  );
  await group.getByRole('button').click();
  assert.deepEqual(await page.locator('#course-table tbody td:first-child').allTextContents(), ['RTP-004']);
});

pageTest('the chart reads the volume at a dose as the table of curves has it', coursePath, async ({ page }) => {
  const rectum = curveFrom(input, FIRST, 'Rectum');
  const row = page.locator('.legend tr', { hasText: 'Rectum' });
  await page.locator('.chart').focus();
  for (let gy = 0; gy < 30; gy++) await page.keyboard.press('ArrowRight');
  assert.match(await textOf(page.locator('.readout')), /volume at 30\.00 Gy/);
  const shown = Number.parseFloat(await textOf(row.locator('td').nth(1)));
  // The read-out has one decimal.
  assert.ok(Math.abs(shown - volumeAt(rectum, 30)) <= 0.05 + 1e-9, `${shown} % for ${volumeAt(rectum, 30)} %`);
  await page.locator('#dvh select').nth(1).selectOption('1');
  for (let gy = 0; gy < 30; gy++) await page.locator('.chart').press('ArrowRight');
  const cc = Number.parseFloat(await textOf(row.locator('td').nth(1)));
  assert.ok(Math.abs(cc - (rectum.volumeCc * volumeAt(rectum, 30)) / 100) <= 0.005 + 1e-9, `${cc} cc`);
});

pageTest(
  'the pointer moves the read-out, to the volume and the dose that lie under it',
  coursePath,
  async ({ page }) => {
    await page.locator('.chart').scrollIntoViewIfNeeded();
    const box = (await page.locator('.chart svg').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const [, gy, pct] = /volume at ([\d.]+) Gy\. D: dose at ([\d.]+) %/.exec(await textOf(page.locator('.readout')))!;
    assert.ok(Number(gy) > 20 && Number(gy) < 60 && Number(pct) > 30 && Number(pct) < 70, `${gy} Gy, ${pct} %`);
  },
);

pageTest('a structure that is switched off leaves the chart and the pictures', coursePath, async ({ page }) => {
  const lines = () => page.locator('.chart g[stroke-linejoin] path').count();
  const before = await lines();
  assert.equal(before, 9);
  const outlines = page.locator('.outlines path:visible');
  assert.ok((await outlines.count()) >= 3);
  await page.locator('.legend label', { hasText: 'PTV_7000' }).click();
  assert.equal(await lines(), before - 1);
  assert.equal(await outlines.count(), 0);
  await page.getByRole('button', { name: 'Only Rectum' }).click();
  assert.equal(await lines(), 1);
});

pageTest('the chart is saved as PNG, SVG and CSV with what it shows', coursePath, async ({ page }) => {
  await page.getByRole('button', { name: 'Only Rectum' }).click();
  const save = (kind: string) =>
    saved(page, () => page.locator('#dvh').getByRole('button', { name: kind, exact: false }).click());
  assert.deepEqual([...(await save('as PNG')).subarray(1, 4)], [...Buffer.from('PNG')]);
  const svg = (await save('as SVG')).toString();
  assert.match(svg, /^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.doesNotMatch(svg, /stroke="var\(/);
  const lines = (await save('as CSV')).toString().trim().split('\r\n');
  const points = sampleCurves(input, FIRST).filter(({ roi_name }) => roi_name === 'Rectum');
  assert.equal(lines.length, 1 + points.length);
  const [, , gy, pct] = lines[41].split(',');
  assert.equal(Number(gy), points[40]['dose[Gy]']);
  assert.ok(Math.abs(Number(pct) - Number(points[40]['volume[%]'])) < 1e-4);
});

pageTest('a table sorts by its header, with the keyboard too', coursePath, async ({ page }) => {
  const table = page.locator('#metrics table');
  await table.getByRole('button', { name: 'Mean' }).press('Enter');
  const means = (await table.locator('tbody td:nth-child(4)').allTextContents()).map(Number).filter(Number.isFinite);
  assert.deepEqual(
    means,
    means.toSorted((a, b) => a - b),
  );
  assert.equal(await table.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
});

pageTest(
  'windows, dose and outlines of the pictures are switched, and a picture grows',
  coursePath,
  async ({ page }) => {
    const table = () => page.locator('feFuncR').first().getAttribute('tableValues');
    const soft = await table();
    await page.getByLabel('Window').selectOption('2');
    assert.notEqual(await table(), soft);
    await page.locator('.pictures').getByLabel('dose', { exact: true }).uncheck();
    assert.equal(await page.locator('.wash:visible').count(), 0);
    await page.getByLabel('isodoses').uncheck();
    assert.equal(await page.locator('.isodoses:visible').count(), 0);
    await page.getByRole('button', { name: 'Enlarge' }).first().click();
    const dialog = page.locator('dialog svg');
    assert.ok((await dialog.boundingBox())!.height > 500);
    await page.screenshot({ path: join(PICTURES, 'course-enlarged.png') });
    await page.keyboard.press('Escape');
    // A dialog tells of its end in a turn of its own, and goes then.
    await dialog.waitFor({ state: 'detached', timeout: 10_000 });
  },
);

pageTest(
  'the band of numerical uncertainty is drawn on demand, and the read-out has it',
  coursePath,
  async ({ page }) => {
    const bands = page.locator('.chart g[fill-opacity="0.3"] path');
    assert.equal(await bands.count(), 0);
    await page.getByLabel('numerical uncertainty').check();
    assert.equal(await bands.count(), await page.locator('.chart g[stroke-linejoin] path').count());
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    const rectum = page.locator('.legend tr', { hasText: 'Rectum' });
    assert.match(await textOf(rectum.locator('td').nth(2)), /^[\d.]+ ± [\d.]+ Gy$/);
  },
);

pageTest('a table is copied as a spreadsheet takes it', coursePath, async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the table Dose metrics' }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  const lines = (await page.evaluate<string>('navigator.clipboard.readText()'))
    .split('\n')
    .map((line) => line.split('\t'));
  assert.deepEqual(lines[0].slice(0, 2), ['Structure', 'Status']);
  const metrics = input.tables.find(({ name }) => name === 'dvh_metrics')!;
  const own = metrics.rows.filter(({ course_id }) => course_id === FIRST);
  // Targets first, then by mean dose: the page has an order of its own.
  const copied = new Map(lines.slice(1).map((line) => [line[0], line]));
  assert.equal(copied.size, own.length);
  const place = lines[0].findIndex((head) => head.startsWith('Mean'));
  // The page shows doses in hundredths of a Gy.
  for (const { roi_name, 'Mean[Gy]': mean } of own) {
    const line = copied.get(String(roi_name));
    assert.ok(line, `${roi_name} is not copied`);
    if (typeof mean === 'number') assert.ok(Math.abs(Number(line[place]) - mean) <= 0.005 + 1e-9);
  }
});

pageTest('every delivered fraction stands in its day of the calendar', coursePath, async ({ page }) => {
  const fractions = input.tables.find(({ name }) => name === 'fractions')!;
  const own = fractions.rows.filter(({ course_id }) => course_id === FIRST);
  const days = page.locator('.calendar .day');
  assert.equal(await days.count(), own.length);
  const [first] = own.map(({ treatment_date }) => String(treatment_date).slice(0, 10)).sort();
  assert.ok((await days.first().getAttribute('title'))?.startsWith(first));
  const column = await days.first().evaluate((node) => node.closest('td').cellIndex);
  assert.equal(column, ((new Date(first).getUTCDay() + 6) % 7) + 1);
});

pageTest('population DVHs are compared by technique, each group with its courses', cohort, async ({ page }) => {
  await page.locator('#population').getByLabel('Compare by').selectOption('technique');
  const metadata = input.tables.find(({ name }) => name === 'case_metadata')!.rows;
  const techniques = Map.groupBy(metadata, ({ technique_inferred }) => String(technique_inferred));
  const shown = await page.locator('#population .scale span').allTextContents();
  assert.ok(shown.length > 1);
  for (const name of shown) assert.ok(techniques.has(name));
  assert.equal(await page.locator('#population .chart g[stroke-linejoin]').count(), shown.length);
  await page.locator('#population').screenshot({ path: join(PICTURES, 'population-groups.png') });
});

test('names that contain scripts do not run', async (t) => {
  if (missing) return t.skip(missing);
  const hostile = structuredClone(input);
  const attack = `</script><img src=x onerror="document.title='attacked'">`;
  for (const { rows } of hostile.tables) for (const row of rows) if (row.roi_name) row.standard_name = attack;
  for (const { rows } of hostile.tables) for (const row of rows) if (row.patient_id) row.patient_id += attack;
  const file = join(folder, 'hostile.html');
  writeFileSync(file, renderReport(hostile));
  const { page, complaints, requests, close } = await watchedPage(browser, pathToFileURL(file).href);
  await unfoldAll(page);
  await page.getByLabel('Show').selectOption('structures');
  assert.equal(await page.title(), 'Prostate cohort');
  assert.deepEqual([complaints, requests.length], [[], 1]);
  await close();
});

test('a report of 5000 courses opens with 3 s of work from under 15 MB, and every link reaches its course', async (t) => {
  if (missing) return t.skip(missing);
  const large = manyCourses(5000);
  const file = join(folder, 'large.html');
  writeFileSync(file, renderReport(large));
  const megabytes = statSync(file).size / 1e6;
  assert.ok(megabytes < 15, `${megabytes} MB`);
  const { page, complaints, close } = await watchedPage(browser, 'about:blank');
  // The time that the page itself takes: other work on the machine does not count.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(pathToFileURL(file).href);
  await page.locator('#course-table tbody tr').nth(99).waitFor();
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')!.value;
  t.diagnostic(`${megabytes.toFixed(1)} MB, open after ${seconds.toFixed(2)} s of work`);
  assert.ok(seconds > 0 && seconds < 3, `${seconds} s`);
  await page.screenshot({ path: join(PICTURES, 'cohort-5000.png') });
  await unfoldAll(page);
  const linked = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href^="report/"]')].map((link) => link.getAttribute('href'))`,
  );
  const ids = new Set(large.tables[0].rows.map(({ course_id }) => course_id));
  assert.ok(linked.length > 5000);
  assert.deepEqual(
    linked.filter((link) => !ids.has(/^report\/(\w+)\.html/.exec(link)?.[1] ?? '')),
    [],
  );
  await page.getByRole('searchbox').fill('RTP-4999');
  assert.equal(await page.locator('#course-table tbody tr').count(), 1);
  assert.deepEqual(complaints, []);
  await close();
});

/** Opens every fold, which makes what lies in it. */
async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
  await page.waitForFunction(`document.querySelectorAll('#attention-list details:not(:has(li))').length === 0`);
}

/** The file that an action makes the browser save. */
async function saved(page: Page, act: () => Promise<void>): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await act();
  return readFileSync(await (await download).path());
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? '';
}

function curveFrom(from: ReportInput, courseId: string, name: string) {
  const rows = sampleCurves(from, courseId).filter(({ roi_name }) => roi_name === name);
  const numbers = (column: string) => rows.map((row: Row) => Number(row[column]));
  return { doseGy: numbers('dose[Gy]'), volumePct: numbers('volume[%]'), volumeCc: numbers('volume[cc]')[0] };
}

/** The rows of a small report again and again, each time as courses of other patients. */
function manyCourses(count: number): ReportInput {
  const small = sampleReport(100);
  const copies = count / 100;
  const copyOf = (row: Row, n: number): Row =>
    row.course_id
      ? {
          ...row,
          course_id: `${String(row.course_id).slice(4)}${String(n).padStart(4, '0')}`,
          patient_id: `RTP-${String(100 * n + Number(String(row.patient_id).slice(4))).padStart(4, '0')}`,
        }
      : row;
  const tables = small.tables.map((table) => ({
    ...table,
    rows: Array.from({ length: copies }, (_, n) => n).flatMap((n) => table.rows.map((row) => copyOf(row, n))),
  }));
  return { ...small, tables };
}
