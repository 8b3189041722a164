import { patientToIndex, type Volume } from '#lib/image/grid.ts';
import { doseAtPoint } from '#lib/viewer/dose-plane.ts';
import { maskAt } from '#lib/viewer/mask-outline.ts';
import { element } from './dom.ts';
import { mmText } from './text-on-canvas.ts';
import { isOnBackground, type ShownDose, type ShownStructure, type View, type ViewHolder } from './view.ts';

/** Values under the cross hairs: place, voxel, doses, structures. */
export function readoutPanel({ view, watch }: ViewHolder): HTMLElement {
  const list = element('dl', { class: 'readout' });
  const fill = () =>
    list.replaceChildren(
      ...factsOf(view).flatMap(([name, text, id]) => [
        element('dt', {}, name),
        element('dd', { 'data-fact': id }, text),
      ]),
    );
  fill();
  watch(fill);
  return element(
    'section',
    { 'aria-label': 'Under the cross hairs' },
    element('h2', {}, 'Under the cross hairs'),
    list,
  );
}

function factsOf(view: View): [name: string, text: string, id: string][] {
  const { background, overlaid, cursorMm, doses, scene } = view;
  const labelOf = (number: number) => scene.images[number].modality;
  const facts: [string, string, string][] = [['Place (L, P, S)', `${cursorMm.map(mmText).join(', ')} mm`, 'place']];
  for (const image of [background, overlaid])
    if (image) facts.push([labelOf(image.number), valueText(image.volume, view, image.head.quantity), 'voxel']);
  if (doses.first) facts.push(['Dose', doseText(view, doses.first), 'dose']);
  if (doses.second) facts.push(['Compared dose', doseText(view, doses.second), 'compared-dose']);
  const under = structuresUnder(view).map(({ structure }) => structure.name);
  facts.push(['Structures', under.join(', ') || 'none that is shown', 'structures']);
  return facts;
}

/** Of those that are shown, the ones whose mask holds the point. */
export function structuresUnder(view: View): ShownStructure[] {
  return view.structures.filter(
    ({ isVisible, mask, space }) => isVisible && mask && isOnBackground(view, space) && maskAt(mask, view.cursorMm),
  );
}

/** Dose under the cross hairs, Gy; undefined outside the grid, or in another space than the image. */
export function doseUnder(view: View, shown: ShownDose | undefined): number | undefined {
  if (!shown || !isOnBackground(view, shown.space)) return undefined;
  const dose = doseAtPoint(shown.viewed, view.cursorMm);
  return Number.isNaN(dose) ? undefined : dose;
}

function doseText(view: View, shown: ShownDose): string {
  const dose = doseUnder(view, shown);
  if (dose === undefined) return 'outside the dose grid';
  return `${dose.toFixed(3)} ${shown.unit} (${((100 * dose) / view.referenceDose).toFixed(1)} %)`;
}

/** Of the nearest voxel, as it is stored. */
function valueText({ grid, data }: Volume, { cursorMm }: View, quantity: string): string {
  const [i, j, k] = patientToIndex(grid, cursorMm).map(Math.round);
  const isInside = [i, j, k].every((index, axis) => index >= 0 && index < grid.size[axis]);
  if (!isInside) return 'outside the image';
  const value = data[i + grid.size[0] * (j + grid.size[1] * k)];
  return `${Number(value.toPrecision(6))} ${quantity} at ${i}, ${j}, ${k}`;
}
