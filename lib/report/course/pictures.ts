import { groupBy } from '../courses.ts';
import { formatCell } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { cssColour, doseColour, SCALE_END } from '../pictures/dose-colour.ts';
import { WINDOWS, windowTable } from '../pictures/grey.ts';
import type { DoseOverlay, ImagePictures, Picture } from '../pictures/picture.ts';
import { VIEWS } from '../pictures/plane.ts';
import { nameOf, structureKey, withNames } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** Lengths of the scale bar, mm: the longest that takes a third of the picture at most. */
const BARS_MM = [100, 50, 20, 10, 5];

/** Planes through the patient, each image of the course apart: image, dose wash, isodoses and outlines as layers. */
export function pictures(page: CoursePage): Markup | undefined {
  const images = page.details.pictures?.images ?? [];
  if (images.length === 0) return undefined;
  return html`${images.map((image, number) => imageGroup(image, number, page))}
<p class="quiet">Outlines are of the masks that were analysed. Letters name the sides of the patient: R right, L left, A anterior, P posterior, S superior, I inferior. Positions are DICOM patient coordinates.</p>`;
}

function imageGroup(image: ImagePictures, number: number, page: CoursePage): Markup {
  const filter = `window-${number}`;
  const isOneOfSeveral = page.details.pictures!.images.length > 1;
  const isHu = image.grey.unit === 'HU';
  const doses = image.pictures.flatMap((picture) => picture.doses);
  const first = doses[0]?.doseUid;
  return html`<div class="pictures" data-unit="${image.grey.unit}">${
    isOneOfSeveral && html`<h3>${image.modality}, image ${number + 1} of the course</h3>`
  }${isHu && windowFilter(filter)}
${scales(doses, page)}<div class="planes">${image.pictures.map((picture) => figure(picture, { filter: isHu ? filter : undefined, firstDose: first, page }))}</div>${image.notes.map(
    (note) => html`<p class="quiet">${note}</p>`,
  )}</div>`;
}

/** Turns the greys of a picture into brightness: the page's script sets another window in it. */
function windowFilter(id: string): Markup {
  const values = windowTable(WINDOWS[0])
    .map((value) => value.toFixed(3))
    .join(' ');
  return html`<svg class="defs" width="0" height="0" aria-hidden="true"><filter id="${id}" color-interpolation-filters="sRGB"><feComponentTransfer><feFuncR type="table" tableValues="${values}"/><feFuncG type="table" tableValues="${values}"/><feFuncB type="table" tableValues="${values}"/></feComponentTransfer></filter></svg>`;
}

/** The isodoses of every dose that a picture of the image shows, the first dose first. */
function scales(doses: DoseOverlay[], { details }: CoursePage): Markup[] {
  return [...groupBy(doses, ({ doseUid }) => doseUid)].map(([uid, overlays], n) => {
    const levels = [...new Set(overlays.flatMap(({ isodoses }) => isodoses.map(({ doseGy }) => doseGy)))];
    levels.sort((a, b) => b - a);
    const { referenceGy } = overlays[0];
    return html`<p class="scale" data-dose="${uid}" data-name="${nameOf(uid, details.names)}"${n > 0 && html` hidden`}><b>${nameOf(uid, details.names)}</b> ${levels.map(
      (gy) =>
        html`<span><i style="background:${isodoseColour(gy, referenceGy)}"></i>${formatCell(gy, 'Gy')} Gy (${Math.round((100 * gy) / referenceGy)} %)</span> `,
    )}</p>`;
  });
}

interface Drawing {
  filter?: string;
  firstDose?: string;
  page: CoursePage;
}

function figure(picture: Picture, { filter, firstDose, page }: Drawing): Markup {
  const { plane, positionMm, width, height, image, reasons } = picture;
  const axis = ['x', 'y', 'z'][VIEWS[plane].normal];
  const caption = `${plane}, ${axis} = ${positionMm.toFixed(1).replace('-', '−')} mm: ${withNames(reasons.join('; '), page.details.names)}`;
  const size = `${width} ${height}`;
  return html`<figure><svg viewBox="0 0 ${size}" role="img" aria-label="${caption}"><rect width="${width}" height="${height}" fill="#000"/>
<image width="${width}" height="${height}" href="data:image/png;base64,${image}"${filter && html` filter="url(#${filter})"`} preserveAspectRatio="none"/>
${picture.doses.map((dose) => doseLayers(dose, picture, dose.doseUid === firstDose))}
<g class="outlines">${picture.outlines.map(({ path, ...roi }) => {
    const number = page.numbers.get(structureKey(keyRow(roi))) ?? 0;
    return html`<path class="c c${number % 14} s${number}${roi.source !== 'manual' && ' other'}" d="${path}"><title>${roi.roiName} (${roi.source})</title></path>`;
  })}</g>
${marks(picture)}</svg><figcaption>${caption}</figcaption></figure>
`;
}

/** The sides of the patient and a scale bar. */
function marks({ plane, width, height, pixelMm }: Picture): Markup {
  const [left, right, top, bottom] = VIEWS[plane].sides;
  const margin = Math.max(width, height) / 60;
  const barMm = BARS_MM.find((mm) => mm / pixelMm <= width / 3) ?? 1;
  const bar = barMm / pixelMm;
  const [x, y] = [width - margin - bar, height - margin];
  return html`<g class="marks" font-size="${(2.4 * margin).toFixed(1)}"><text x="${margin}" y="${height / 2}">${left}</text><text x="${width - margin}" y="${height / 2}" text-anchor="end">${right}</text><text x="${width / 2}" y="${margin}" dy=".8em" text-anchor="middle">${top}</text><text x="${width / 2}" y="${height - margin}" text-anchor="middle">${bottom}</text>
<path d="M${x} ${y}h${bar}"/><text x="${x + bar / 2}" y="${y - margin}" text-anchor="middle">${barMm} mm</text></g>`;
}

function doseLayers(overlay: DoseOverlay, { width, height }: Picture, isShown: boolean): Markup {
  const { doseUid, wash, isodoses, referenceGy } = overlay;
  const hidden = !isShown && html` hidden`;
  const [w, h] = [2 * Math.ceil(width / 2), 2 * Math.ceil(height / 2)];
  return html`<g class="wash" data-dose="${doseUid}"${hidden}><image width="${w}" height="${h}" href="data:image/png;base64,${wash}" preserveAspectRatio="none"/></g>
<g class="isodoses" data-dose="${doseUid}"${hidden}>${isodoses.map(
    ({ doseGy, path }) =>
      html`<path d="${path}" style="stroke:${isodoseColour(doseGy, referenceGy)}"><title>${formatCell(doseGy, 'Gy')} Gy</title></path>`,
  )}</g>`;
}

function isodoseColour(doseGy: number, referenceGy: number): string {
  return cssColour(doseColour(doseGy / referenceGy / SCALE_END));
}

function keyRow({ structureSetUid, source, roiNumber, roiName }: Omit<Picture['outlines'][number], 'path'>) {
  return { structure_set_uid: structureSetUid, source, roi_number: roiNumber, roi_name: roiName };
}
