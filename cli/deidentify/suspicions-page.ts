import { rmSync, writeFileSync } from 'node:fs';
import { MAY_SHOW_TEXT } from '#lib/deidentify/held-back.ts';
import { readDataSet } from '#lib/dicom/read.ts';
import { BadInput } from '#lib/errors.ts';
import { html, type Markup } from '#lib/report/html.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { smallPicture } from './small-picture.ts';
import type { RecordLine } from './tally.ts';

/** So many are drawn: a page of more opens in no browser. The others are listed. */
const MOST_PICTURES = 500;

/**
 * Writes a page with a small picture of every image that was held back because it may show text, for the person who decides
 * over `--allow-burned-in`; answers how many there are. The page shows patients: for its owner alone.
 */
export async function writeSuspicions(input: ObjectStore, lines: readonly RecordLine[], file: string): Promise<number> {
  const latest = [...new Map(lines.map((line) => [line.path, line])).values()];
  const suspicious = latest.filter(({ heldBack }) => heldBack !== undefined && MAY_SHOW_TEXT.has(heldBack));
  rmSync(file, { force: true });
  if (suspicious.length === 0) return 0;
  const figures: Markup[] = [];
  for (const [n, { path, heldBack }] of suspicious.entries()) {
    const picture = n < MOST_PICTURES ? await pictureOf(input, path) : 'not drawn: too many pictures';
    figures.push(html`<figure>${picture}<figcaption>${path}<br>${heldBack}</figcaption></figure>\n`);
  }
  const title = 'Images that may show text';
  const page = html`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:1rem sans-serif;margin:2rem}figure{display:inline-block;vertical-align:top;width:26rem;margin:0 1rem 2rem 0}
img{max-width:100%;border:1px solid}figcaption{overflow-wrap:anywhere}</style>
<h1>${title}</h1>
<p>${suspicious.length} images were held back. Look whether any shows a name, a number or a date of a patient. This page does: keep it.</p>
${figures}</html>
`;
  writeFileSync(file, page.text, { mode: 0o600 });
  return suspicious.length;
}

async function pictureOf(input: ObjectStore, path: string): Promise<Markup | string> {
  try {
    const png = Buffer.from(await smallPicture(readDataSet(await input.get(path)))).toString('base64');
    return html`<img alt="first frame" src="data:image/png;base64,${png}">`;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return `no picture: ${error.message}`;
  }
}
