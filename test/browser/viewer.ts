import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { namedDose } from '#lib/course-store/dose.ts';
import { readImage, readImages } from '#lib/course-store/images.ts';
import { volumeAtDoseCc } from '#lib/dvh/metrics/curve.ts';
import { patientToIndex } from '#lib/image/grid.ts';
import type { Vec3 } from '#lib/math/vec3.ts';
import { doseColour, SCALE_END } from '#lib/report/pictures/dose-colour.ts';
import { doseAtPoint, viewedDose } from '#lib/viewer/dose-plane.ts';
import { type ViewedCohort, viewedCohort } from '#test/fixtures/viewed-cohort.ts';
import { answersOf } from '../../cli/view/answers.ts';
import { type RunningServer, startServer } from '../../cli/view/server.ts';
import { openChromium } from './chromium.ts';
import { accessibilityFaults, type WatchedPage, watchedPage } from './watched-page.ts';

/** The viewer in a real browser, on courses of the demo. Pictures of it lie in `test/browser/pictures`. */
const PICTURES = new URL('./pictures/', import.meta.url).pathname;
const PATIENTS = ['RTP-001', 'RTP-003', 'RTP-004', 'RTP-010'];
const VIEWPORT = { width: 1440, height: 900 };
const SHOWN_MS = 60_000;

let browser: Browser;
let missing: string | undefined;
let cohort: ViewedCohort;
let server: RunningServer;

before(async () => {
  const opened = await openChromium();
  if ('missing' in opened) {
    missing = opened.missing;
    return;
  }
  browser = opened;
  mkdirSync(PICTURES, { recursive: true });
  cohort = await viewedCohort(PATIENTS);
  server = await startServer(answersOf(cohort.run));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens a page of the viewer; afterwards nothing may have been complained of, nor anything else asked for. */
async function look(t: TestContext, hash: string, act: (page: Page) => Promise<void>, size = VIEWPORT): Promise<void> {
  if (missing) return t.skip(missing);
  const watched = await watchedPage(browser, `${server.url}${hash}`, { viewport: size });
  try {
    await act(watched.page);
    assert.deepEqual(watched.complaints, []);
    assertOwnRequests(watched);
  } finally {
    await watched.close();
  }
}

function assertOwnRequests({ requests }: WatchedPage): void {
  const { origin } = new URL(server.url);
  assert.deepEqual(
    requests.filter((address) => new URL(address).origin !== origin || /RTP-|Phantom/.test(address)),
    [],
  );
}

async function openCourse(t: TestContext, patient: string, act: (page: Page, courseId: string) => Promise<void>) {
  if (missing) return t.skip(missing);
  const courseId = cohort.courseIdOf(patient);
  await look(t, `#course/${courseId}`, async (page) => {
    await page.waitForSelector('html[data-state=shown]', { timeout: SHOWN_MS });
    await settled(page);
    await act(page, courseId);
  });
}

/** Whether the image of a plane is more than grey around the cross hairs. */
function isColoured(page: Page, plane: string): Promise<boolean> {
  return page.locator(`.${plane} .drawn canvas`).evaluate((shown) => {
    const canvas = shown as unknown as {
      width: number;
      height: number;
      ownerDocument: { createElement(what: string): Drawn };
    };
    interface Drawn {
      width: number;
      height: number;
      getContext(kind: '2d'): {
        drawImage(from: unknown, x: number, y: number): void;
        getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
      };
    }
    const copy = canvas.ownerDocument.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d');
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return data.some((red, n) => n % 4 === 0 && Math.abs(red - data[n + 2]) > 20);
  });
}

/** Two frames on: what was asked for is drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const { requestAnimationFrame: next } = globalThis as unknown as { requestAnimationFrame(f: () => void): void };
        next(() => next(() => resolve()));
      }),
  );
}

const fact = async (page: Page, name: string) =>
  (await page.locator(`[data-fact=${name}]`).first().textContent()) ?? '';
const numbersIn = (text: string) => (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
const choiceOf = (page: Page, label: string) => page.locator(`label.choice:has(> span:text-is("${label}")) select`);
const picture = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `viewer-${name}.png`) });

test('every course of the run is listed, and typing a word filters the list', (t) =>
  look(t, '', async (page) => {
    await page.waitForSelector('table.courses');
    assert.equal(await page.locator('tbody tr').count(), cohort.courses.length);
    await picture(page, 'list');
    assert.deepEqual(await accessibilityFaults(page), []);
    await page.getByLabel('Find').fill('rtp-004');
    assert.equal(await page.locator('tbody tr').count(), 1);
    assert.equal(new URL(page.url()).search, '', 'the token has left the address');
    await page.locator('tbody a').click();
    await page.waitForSelector('html[data-state=shown]', { timeout: SHOWN_MS });
    assert.match((await page.locator('h1').textContent()) ?? '', /RTP-004/);
  }));

test('the numbers under the cross hairs are those of image and dose', (t) =>
  openCourse(t, 'RTP-001', async (page, courseId) => {
    await picture(page, 'course');
    const course = cohort.courses.find((one) => one.courseId === courseId);
    const planning = (await readImages(cohort.run.store, courseId)).find(({ role }) => role === 'planning');
    assert.ok(course && planning);
    const image = await readImage(cohort.run.store, planning);
    const dose = await namedDose(course, course.doseDecision.selected[0].doseUid, cohort.context);
    const box = await page.locator('.axial .drawn').boundingBox();
    assert.ok(box);
    for (const [x, y] of [
      [0.5, 0.5],
      [0.42, 0.55],
      [0.57, 0.48],
      [0.3, 0.6],
    ]) {
      await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
      await settled(page);
      const place = numbersIn((await fact(page, 'place')) ?? '') as Vec3;
      const [i, j, k] = patientToIndex(image.grid, place).map(Math.round);
      const [value] = numbersIn(await fact(page, 'voxel'));
      assert.equal(value, image.data[i + image.grid.size[0] * (j + image.grid.size[1] * k)]);
      const expected = doseAtPoint(viewedDose(dose.volume), place);
      const text = await fact(page, 'dose');
      if (Number.isNaN(expected)) assert.match(text, /outside/);
      // The place is read to a tenth of a millimetre.
      else assert.ok(Math.abs(numbersIn(text)[0] - expected) < 0.05, `${text} ${expected}`);
    }
    assert.deepEqual(await accessibilityFaults(page), []);
  }));

test('structures and DVHs show the numbers of the tables', (t) =>
  openCourse(t, 'RTP-001', async (page, courseId) => {
    const ofCourse = async (table: string) =>
      (await cohort.rows('dvh', table)).filter((row) => row.course_id === courseId);
    const metrics = await ofCourse('dvh_metrics');
    const curves = await ofCourse('dvh_curves');
    const under = numbersIn(await fact(page, 'dose'))[0];
    const rows = await page.locator('.chart tbody tr').allInnerTexts();
    assert.ok(rows.length > 5);
    for (const row of rows) {
      const [name, percent, cc, mean] = row.split('\t');
      const ofTable = metrics.find(({ roi_name }) => roi_name === name);
      assert.equal(mean, Number(ofTable?.['Mean[Gy]']).toFixed(2), name);
      const curve = curves.filter(({ roi_name }) => roi_name === name);
      const column = (column: string) => Float64Array.from(curve, (point) => Number(point[column]));
      const [doseGy, volumeCc] = [column('dose[Gy]'), column('volume[cc]')];
      const expected = volumeAtDoseCc({ doseGy, volumeCc }, under);
      // The dose is read to a thousandth of a gray, at which the curves of targets are steep.
      const near = Math.abs(
        volumeAtDoseCc({ doseGy, volumeCc }, under + 6e-4) - volumeAtDoseCc({ doseGy, volumeCc }, under - 6e-4),
      );
      assert.ok(Math.abs(Number(cc) - expected) <= near + 0.006, `${name} ${cc} ${expected}`);
      assert.ok(Math.abs(Number(percent) - (100 * expected) / volumeCc[0]) <= (100 * near) / volumeCc[0] + 0.06, name);
      const listed =
        (await page.locator(`.structures li:has(.name:text-matches("^${name}( =|$)"))`).textContent()) ?? '';
      assert.match(listed, new RegExp(`mean ${mean.replace('.', '\\.')} Gy`));
    }
  }));

test('the grey of a pixel follows its voxel, the colour wash follows the dose, and left stays left', (t) =>
  openCourse(t, 'RTP-004', async (page) => {
    await page.getByLabel('Isodoses', { exact: true }).uncheck();
    await page.getByRole('button', { name: /Hide all of manual/ }).click();
    const box = await page.locator('.axial .drawn').boundingBox();
    assert.ok(box);
    const [centre, width] = [50, 400];
    const reference = Number(await page.locator('label.choice:has-text("100 % is") input').inputValue());
    const greyOff: number[] = [];
    let washed = 0;
    for (let n = 0; n < 40; n++) {
      const [x, y] = [
        Math.round(box.width * (0.2 + 0.6 * ((n * 0.618) % 1))),
        Math.round(box.height * (0.32 + 0.36 * ((n * 0.414) % 1))),
      ];
      await page.mouse.click(box.x + x, box.y + y);
      await settled(page);
      const [hu] = numbersIn(await fact(page, 'voxel'));
      const grey = Math.min(Math.max((hu - (centre - width / 2)) / width, 0), 1) * 255;
      const [pixel, wash] = await pixelsAt(page, x, y);
      greyOff.push(Math.abs(pixel[0] - grey));
      const dose = numbersIn(await fact(page, 'dose'))[0] ?? 0;
      if (dose < 0.5 * reference) continue;
      washed++;
      const expected = doseColour(dose / reference / SCALE_END);
      assert.ok(
        expected.every((value, c) => Math.abs(value - wash[c]) < 40),
        `${dose} Gy: ${wash} instead of ${expected}`,
      );
    }
    assert.ok(washed > 3, `${washed} places in the beam`);
    // Between voxels the picture is interpolated; mirrored lungs would be off by 130 at many places.
    const close = greyOff.filter((off) => off < 25).length;
    assert.ok(close >= 34, `${close} of 40 are close: ${greyOff.map(Math.round)}`);
  }));

/** Colours of the image and of what is drawn over it at a point of the axial plane. */
function pixelsAt(page: Page, x: number, y: number): Promise<number[][]> {
  return page.evaluate(
    ([left, top]) => {
      interface Drawn {
        width: number;
        height: number;
        clientWidth: number;
        getContext(kind: '2d', options: object): Context;
      }
      interface Context {
        drawImage(from: Drawn, x: number, y: number): void;
        getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
      }
      const { document } = globalThis as unknown as {
        document: { querySelectorAll(what: string): Iterable<Drawn>; createElement(what: string): Drawn };
      };
      return [...document.querySelectorAll('.axial canvas')].map((canvas) => {
        const copy = document.createElement('canvas');
        [copy.width, copy.height] = [1, 1];
        const context = copy.getContext('2d', { willReadFrequently: true });
        const dots = canvas.width / canvas.clientWidth;
        context.drawImage(canvas, -Math.round(left * dots), -Math.round(top * dots));
        return [...context.getImageData(0, 0, 1, 1).data];
      });
    },
    [x, y],
  );
}

test('keys and wheel change the slice; presets, level and width set the window', (t) =>
  openCourse(t, 'RTP-001', async (page) => {
    const z = async () => numbersIn(await fact(page, 'place'))[2];
    const start = await z();
    await page.locator('.axial .drawn').focus();
    await page.keyboard.press('ArrowUp');
    assert.equal(await z(), start + 4, 'slices of 4 mm');
    await page.keyboard.press('PageDown');
    assert.equal(await z(), start - 36);
    await page.locator('.axial .drawn').hover();
    await page.mouse.wheel(0, -100);
    await settled(page);
    assert.equal(await z(), start - 32);
    await choiceOf(page, 'Window').selectOption('Bone');
    assert.equal(await page.getByLabel('Level').inputValue(), '400');
    await page.getByLabel('Width').fill('1000');
    await page.getByLabel('Width').press('Enter');
    assert.equal(await choiceOf(page, 'Window').inputValue(), '');
    await settled(page);
    await picture(page, 'bone-window');
  }));

test('outlines follow the voxels by default and the drawn contours on request', (t) =>
  openCourse(t, 'RTP-001', async (page) => {
    const drawn = () =>
      page.locator('.axial canvas.overlay').evaluate((canvas) => (canvas as { toDataURL(): string }).toDataURL());
    const counted = await drawn();
    const contours = page.waitForResponse((response) => response.url().includes('/contours/'));
    await choiceOf(page, 'Outlines').selectOption('drawn');
    assert.equal((await contours).status(), 200);
    await page.getByText('the voxels are shown').waitFor();
    await page.waitForLoadState('networkidle');
    await settled(page);
    await picture(page, 'drawn-contours');
    assert.notEqual(await drawn(), counted);
    assert.deepEqual(await accessibilityFaults(page), []);
    await choiceOf(page, 'Outlines').selectOption('counted');
    await settled(page);
    assert.equal(await drawn(), counted);
  }));

test('a PET lies over the CT at its place in the patient', (t) =>
  openCourse(t, 'RTP-004', async (page) => {
    await choiceOf(page, 'Fused with').selectOption({ index: 1 });
    await page.getByLabel('Strength').waitFor();
    await page.getByLabel('Wash').uncheck();
    await settled(page);
    await picture(page, 'pet');
    assert.match((await page.locator('[data-fact=voxel]').nth(1).textContent()) ?? '', /SUVbw/);
    assert.ok(await isColoured(page, 'axial'), 'the plane that is drawn first shows no PET');
    assert.deepEqual(await accessibilityFaults(page), []);
  }));

test('a second dose and the difference are shown with the curves of both doses', (t) =>
  openCourse(t, 'RTP-010', async (page) => {
    const before = await page.locator('.chart tbody tr').count();
    const second = await choiceOf(page, 'Compared').locator('option:has-text("DVHs")').nth(1).getAttribute('value');
    await choiceOf(page, 'Compared').selectOption(second);
    await choiceOf(page, 'Shown').waitFor();
    assert.equal(await page.locator('.chart tbody tr').count(), 2 * before);
    await settled(page);
    await picture(page, 'two-doses');
    await choiceOf(page, 'Shown').selectOption('difference');
    await settled(page);
    await picture(page, 'difference');
    const [first] = numbersIn(await fact(page, 'dose'));
    const [other] = numbersIn(await fact(page, 'compared-dose'));
    assert.ok(Math.abs(first - other) > 5, `${first} and ${other} Gy`);
  }));

test('two structure sets are compared, each with its own line style', (t) =>
  openCourse(t, 'RTP-003', async (page) => {
    await page.getByText('Compare two sources').click();
    await choiceOf(page, 'First (solid)').selectOption({ index: 1 });
    await choiceOf(page, 'Second (dashed)').selectOption({ index: 2 });
    await page.locator('.comparison table, .comparison .quiet').first().waitFor();
    await settled(page);
    await picture(page, 'two-sets');
    assert.ok((await page.locator('.structures input:checked').count()) > 10);
  }));

test('pointing at the DVH draws that dose, and the ruler measures a distance', (t) =>
  openCourse(t, 'RTP-001', async (page) => {
    await page.locator('svg.dvh').hover({ position: { x: 250, y: 100 } });
    await settled(page);
    assert.match((await page.locator('.chart thead').textContent()) ?? '', /V\d+\.\d+ Gy/);
    await page.getByLabel('Measure').check();
    const box = await page.locator('.coronal .drawn').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 120, box.y + 150);
    await page.mouse.down();
    await page.mouse.move(box.x + 220, box.y + 150, { steps: 3 });
    await page.mouse.up();
    await settled(page);
    await picture(page, 'measured');
    await page.getByRole('button', { name: 'Clear measurements' }).click();
    assert.equal(await page.getByRole('button', { name: 'Clear measurements' }).count(), 0);
  }));

test('a saved picture is named after the course', (t) =>
  openCourse(t, 'RTP-001', async (page, courseId) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save picture' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `${courseId}.png`);
    const path = join(PICTURES, 'viewer-saved.png');
    await download.saveAs(path);
    assert.equal(readFileSync(path).subarray(1, 4).toString(), 'PNG');
  }));

test('a small screen shows all parts in one column', async (t) => {
  if (missing) return t.skip(missing);
  const hash = `#course/${cohort.courseIdOf('RTP-001')}`;
  await look(
    t,
    hash,
    async (page) => {
      await page.waitForSelector('html[data-state=shown]', { timeout: SHOWN_MS });
      await settled(page);
      await picture(page, 'narrow');
      const wide = await page.evaluate(
        () =>
          (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } }).document.documentElement
            .scrollWidth,
      );
      assert.ok(wide <= 390, `${wide} px wide`);
    },
    { width: 390, height: 844 },
  );
});

test('without the token the browser says why the page is empty', async (t) => {
  if (missing) return t.skip(missing);
  const { page, close } = await watchedPage(browser, `${new URL(server.url).origin}/`);
  assert.match((await page.locator('body').textContent()) ?? '', /full address/);
  await close();
});
