import { WINDOWS, windowTable } from '../pictures/grey.ts';
import { button, checkbox, choice, element } from './elements.ts';

/** Controls above the pictures of a course: window, dose, isodoses, outlines, and a large view of each. */
export function startPictures(): void {
  for (const group of document.querySelectorAll<HTMLElement>('.pictures')) addControls(group);
}

function addControls(group: HTMLElement): void {
  const doses = [...group.querySelectorAll<HTMLElement>('.scale[data-dose]')].map(
    ({ dataset }) => [dataset.dose ?? '', dataset.name ?? ''] as [string, string],
  );
  const shown = { dose: doses[0]?.[0], wash: true, isodoses: true };
  const apply = () => {
    for (const layer of group.querySelectorAll<HTMLElement>('[data-dose]')) {
      const isOn = layer.classList.contains('wash')
        ? shown.wash
        : layer.classList.contains('isodoses')
          ? shown.isodoses
          : true;
      layer.toggleAttribute('hidden', layer.dataset.dose !== shown.dose || !isOn);
    }
  };
  const controls = element('div', { class: 'controls' });
  if (group.dataset.unit === 'HU')
    controls.append(
      choice(
        'Window',
        WINDOWS.map(({ name, levelHu, widthHu }, n) => [String(n), `${name} (${levelHu}, ${widthHu} HU)`]),
        (n) => setWindow(group, WINDOWS[Number(n)]),
      ),
    );
  if (doses.length > 1)
    controls.append(
      choice('Dose', doses, (dose) => {
        shown.dose = dose;
        apply();
      }),
    );
  if (doses.length > 0)
    controls.append(
      checkbox('dose', true, (isOn) => {
        shown.wash = isOn;
        apply();
      }),
      checkbox('isodoses', true, (isOn) => {
        shown.isodoses = isOn;
        apply();
      }),
    );
  controls.append(checkbox('outlines', true, (isOn) => group.classList.toggle('bare', !isOn)));
  const head = group.querySelector('h3');
  if (head) head.after(controls);
  else group.prepend(controls);
  for (const figure of group.querySelectorAll('figure')) addEnlarge(figure);
  apply();
}

function setWindow(group: HTMLElement, window: { levelHu: number; widthHu: number }): void {
  const values = windowTable(window)
    .map((value) => value.toFixed(3))
    .join(' ');
  for (const part of group.querySelectorAll('filter feFuncR, filter feFuncG, filter feFuncB'))
    part.setAttribute('tableValues', values);
}

function addEnlarge(figure: HTMLElement): void {
  const caption = figure.querySelector('figcaption')?.textContent ?? '';
  const enlarge = button(
    '⤢',
    () => {
      const dialog = element('dialog', { class: 'large', 'aria-label': caption });
      dialog.append(
        figure.querySelector('svg')!.cloneNode(true),
        element('p', {}, caption),
        button('Close', () => dialog.close()),
      );
      dialog.addEventListener('close', () => dialog.remove());
      figure.closest('.pictures')!.append(dialog);
      dialog.showModal();
    },
    { class: 'enlarge', 'aria-label': `Enlarge: ${caption}` },
  );
  figure.append(enlarge);
}
