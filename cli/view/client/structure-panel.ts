import type { SceneAgreement } from '#lib/viewer/scene.ts';
import { choice, element } from './dom.ts';
import { loadContours, loadMask } from './loading.ts';
import { dashOf, type ShownStructure, type View, type ViewHolder } from './view.ts';

/** Every structure of every source, also those without a mask; two sources side by side. */
export function structurePanel(holder: ViewHolder): HTMLElement {
  const { view, watch } = holder;
  const body = element('div');
  const panel = element(
    'section',
    { 'aria-label': 'Structures' },
    element('h2', {}, 'Structures'),
    outlineChoice(holder),
    comparison(holder),
    body,
  );
  const groups = [...Map.groupBy(view.structures, ({ structure }) => structure.group)];
  const rows = new Map<ShownStructure, HTMLElement>();
  const fill = () => {
    rows.clear();
    body.replaceChildren(...groups.map(([group, shown]) => groupOf(holder, group, shown, rows)));
    if (groups.length === 0) body.replaceChildren(element('p', { class: 'quiet' }, 'This course has no structures.'));
  };
  fill();
  watch((changed) => {
    if (changed.has('doses') || changed.has('compared')) fill();
    if (changed.has('structures')) for (const [shown, row] of rows) tickOf(row).checked = shown.isVisible;
  });
  return panel;
}

function groupOf(
  holder: ViewHolder,
  group: string,
  shown: ShownStructure[],
  rows: Map<ShownStructure, HTMLElement>,
): HTMLElement {
  const list = element('ul', { class: 'structures' });
  for (const one of shown) {
    const row = rowOf(holder, one);
    rows.set(one, row);
    list.append(row);
  }
  const showAll = (isVisible: boolean) => () => setVisible(holder, shown, isVisible);
  return element(
    'details',
    { open: true },
    element('summary', {}, lineSample(dashOf(holder.view, group), '#e8edf0'), ` ${group} (${shown.length})`),
    element(
      'div',
      { class: 'row' },
      element('button', { type: 'button', onclick: showAll(true), 'aria-label': `Show all of ${group}` }, 'Show all'),
      element('button', { type: 'button', onclick: showAll(false), 'aria-label': `Hide all of ${group}` }, 'Hide all'),
    ),
    list,
  );
}

function rowOf(holder: ViewHolder, shown: ShownStructure): HTMLElement {
  const { structure, colour } = shown;
  const { name, standardName, volumeCc, missing, number } = structure;
  const doseUid = holder.view.doses.first?.dose.doseUid;
  const metrics = structure.curves.find((curve) => curve.doseUid === doseUid)?.metrics;
  const facts = [
    missing === '' ? `${volumeCc.toFixed(1)} cc` : `no mask: ${missing}`,
    metrics && `mean ${metrics['Mean[Gy]']?.toFixed(2)} Gy`,
    metrics && `max ${metrics['Max[Gy]']?.toFixed(2)} Gy`,
  ];
  const box = element('input', {
    type: 'checkbox',
    checked: shown.isVisible,
    disabled: missing !== '',
    onchange: (event) => setVisible(holder, [shown], (event.target as HTMLInputElement).checked),
  });
  const title = standardName && standardName !== name ? `${name} = ${standardName}` : name;
  return element(
    'li',
    { 'data-structure': number },
    element(
      'label',
      {},
      box,
      lineSample(dashOf(holder.view, structure.group), colour),
      element('span', { class: 'name' }, title),
      element('span', { class: 'quiet' }, facts.filter(Boolean).join(', ')),
    ),
  );
}

/** A mask is fetched when it is shown first; one that cannot be read stays hidden and says so. */
function setVisible(holder: ViewHolder, shown: ShownStructure[], isVisible: boolean): void {
  for (const one of shown) {
    if (one.structure.missing !== '') continue;
    one.isVisible = isVisible;
    if (isVisible)
      loadMask(holder, one).catch((error) => {
        one.isVisible = false;
        one.structure.missing = (error as Error).message;
        holder.change({ compared: holder.view.compared });
      });
  }
  holder.change({ structures: holder.view.structures });
}

/** Contours are fetched when they are asked for; a structure whose contours cannot be read keeps the outline of its voxels. */
function outlineChoice(holder: ViewHolder): HTMLElement {
  const { view, change } = holder;
  if (!view.structures.some(({ structure }) => structure.isDrawn)) return element('div');
  const note = element('p', { class: 'quiet', role: 'status' });
  const options = [
    { value: 'counted', text: 'voxels that were counted' },
    { value: 'drawn', text: 'contours as drawn' },
  ];
  const choose = (outlines: string) => {
    change({ outlines: outlines as View['outlines'] });
    note.textContent =
      outlines === 'drawn' ? 'Between slices and in other planes there are no contours: the voxels are shown.' : '';
    if (outlines !== 'drawn') return;
    for (const shown of view.structures.filter(({ isVisible }) => isVisible))
      loadContours(holder, shown).catch((error) => {
        note.textContent = `${shown.structure.name}: ${(error as Error).message}`;
      });
  };
  return element('div', {}, choice('Outlines', options, view.outlines, choose), note);
}

function comparison(holder: ViewHolder): HTMLElement {
  const { view, change } = holder;
  const groups = [...new Set(view.structures.map(({ structure }) => structure.group))];
  if (groups.length < 2) return element('div');
  const options = [{ value: '', text: 'none' }, ...groups.map((group) => ({ value: group, text: group }))];
  const table = element('div');
  const choose = (place: 0 | 1) => (group: string) => {
    const compared: View['compared'] = place === 0 ? [group, view.compared[1]] : [view.compared[0], group];
    change({ compared });
    for (const shown of view.structures) if (compared[0] !== '' && compared[1] !== '') shown.isVisible = false;
    setVisible(
      holder,
      view.structures.filter(({ structure }) => compared.includes(structure.group)),
      true,
    );
    table.replaceChildren(...(compared.includes('') ? [] : [agreementTable(view)]));
  };
  return element(
    'details',
    { class: 'comparison' },
    element('summary', {}, 'Compare two sources'),
    choice('First (solid)', options, view.compared[0], choose(0)),
    choice('Second (dashed)', options, view.compared[1], choose(1)),
    table,
  );
}

/** The rows of the table `agreement` between the two. */
function agreementTable({ scene, compared }: View): HTMLElement {
  const groupOf = (number: number) => scene.structures.find((one) => one.number === number)?.group ?? '';
  const nameOf = (number: number) => scene.structures.find((one) => one.number === number)?.name ?? '';
  const isBetween = ({ structure, other }: SceneAgreement) =>
    [structure, other].map(groupOf).sort().join('\n') === [...compared].sort().join('\n');
  const rows = scene.agreement.filter(isBetween);
  if (rows.length === 0)
    return element('p', { class: 'quiet' }, 'The run compared no structures of these two sources.');
  const number = (value: number | null, digits: number) => (value === null ? '' : value.toFixed(digits));
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['Structure', 'Other', 'Dice', 'HD95, mm', 'Mean, mm'].map((head) => element('th', { scope: 'col' }, head)),
      ),
    ),
    element(
      'tbody',
      {},
      ...rows.map((row) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, nameOf(row.structure)),
          element('td', {}, nameOf(row.other)),
          element('td', {}, number(row.dice, 3)),
          element('td', {}, number(row.hausdorff95Mm, 1)),
          element('td', {}, number(row.meanSurfaceDistanceMm, 2)),
        ),
      ),
    ),
  );
}

function tickOf(row: HTMLElement): HTMLInputElement {
  return row.querySelector('input') as HTMLInputElement;
}

function lineSample(dash: number[], colour: string): HTMLElement {
  const canvas = element('canvas', { width: 28, height: 10, class: 'sample', 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(0, 5);
  context.lineTo(28, 5);
  context.stroke();
  return canvas;
}
