import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { MAY_SHOW_TEXT } from '#lib/deidentify/held-back.ts';
import { type DicomJson, writeDicom } from '#lib/dicom/write.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { writeSuspicions } from '../../../cli/deidentify/suspicions-page.ts';

const root = mkdtempSync(join(tmpdir(), 'suspicions-'));
after(() => rmSync(root, { recursive: true }));

const SCREENSHOT = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  SOPInstanceUID: '1.2.3',
  BitsAllocated: 8,
  BitsStored: 8,
};
const SIZE = { Rows: 2, Columns: 3, HighBit: 7, PixelRepresentation: 0 };
const grey = {
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  PixelData: Uint8Array.from([10, 20, 30, 40, 50, 60]),
};
const PIXELS = Uint8Array.from({ length: 18 }, (_, n) => 10 * n);
const colour = { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB', PlanarConfiguration: 0, PixelData: PIXELS };

function pictures(page: string): number[][] {
  return [...page.matchAll(/base64,([^"]+)"/g)].map(([, base64]) => [...decode(Buffer.from(base64, 'base64')).data]);
}

test('the page shows every image that may contain burned-in text, and no other', async () => {
  const store = memoryStore();
  const put = (path: string, object: object) =>
    store.put(path, writeDicom({ ...SCREENSHOT, ...SIZE, ...object } as DicomJson));
  await put('Doe^Jane/<b>.dcm', grey);
  await put('colour.dcm', colour);
  await put('broken.dcm', { ...colour, PixelData: PIXELS.subarray(0, 4) });
  const [heldBack] = MAY_SHOW_TEXT;
  const paths = ['Doe^Jane/<b>.dcm', 'colour.dcm', 'broken.dcm'];
  const lines = [
    ...paths.map((path) => ({ path, heldBack })),
    { path: 'report.dcm', heldBack: 'an archive' },
    { path: 'copied' },
  ];
  const file = join(root, 'page.html');
  assert.equal(await writeSuspicions(store, lines, file), 3);
  const page = readFileSync(file, 'utf8');
  assert.deepEqual(pictures(page), [[0, 51, 102, 153, 204, 255], [...PIXELS]]);
  assert.match(page, /Doe\^Jane\/&lt;b&gt;\.dcm/);
  assert.match(page, /no picture: .*broken\.dcm/s);
  assert.doesNotMatch(page, /report\.dcm|copied/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('without suspicious images no page is written', async () => {
  const file = join(root, 'none.html');
  assert.equal(await writeSuspicions(memoryStore(), [{ path: 'a', heldBack: 'an archive' }], file), 0);
  assert.throws(() => statSync(file), { code: 'ENOENT' });
});
