import type { Plane } from '#lib/report/pictures/picture.ts';
import { choice, element, numberField, slider, tellLoading, tick } from './dom.ts';
import { chooseImage, chooseOverlaid } from './loading.ts';
import type { Planes } from './planes.ts';
import { savePicture } from './screenshot.ts';
import type { ViewHolder } from './view.ts';

type Hosts = Record<Plane, { drawn: HTMLDivElement; overlay: HTMLCanvasElement }>;

/** Which image, in which grey window, what over it; measuring and pictures. */
export function imagePanel(holder: ViewHolder, planes: Planes, hosts: Hosts): HTMLElement {
  const { view, change } = holder;
  const panel = element('div', { class: 'row', role: 'group', 'aria-label': 'Image' });
  const problem = element('span', { class: 'problem', role: 'status' });
  const tell = (work: Promise<unknown>) => tellLoading(problem, work);
  const fill = () => {
    const { background, overlaid, window, scene } = view;
    const images = scene.images.map(({ number, label }) => ({ value: String(number), text: label }));
    const chosen = background?.presets.find(({ centre, width }) => centre === window.centre && width === window.width);
    const presets = (background?.presets ?? []).map(({ name }) => ({ value: name, text: name }));
    const controls = [
      choice('Image', images, String(background?.number), (value) => tell(chooseImage(holder, planes, Number(value)))),
      choice('Window', [{ value: '', text: 'Own' }, ...presets], chosen?.name ?? '', (value) => {
        const preset = background?.presets.find(({ name }) => name === value);
        if (preset) change({ window: { centre: preset.centre, width: preset.width } });
      }),
      numberField('Level', window.centre, { step: 10 }, (centre) => change({ window: { ...view.window, centre } })),
      numberField('Width', window.width, { step: 10, min: 1 }, (width) =>
        change({ window: { ...view.window, width } }),
      ),
      ...(images.length > 1
        ? [
            choice(
              'Fused with',
              [{ value: '', text: 'nothing' }, ...images.filter(({ value }) => value !== String(background?.number))],
              String(overlaid?.number ?? ''),
              (value) => tell(chooseOverlaid(holder, planes, value === '' ? undefined : Number(value))),
            ),
          ]
        : []),
      ...(overlaid
        ? [
            slider('Strength', view.overlaidOpacity, (overlaidOpacity) => {
              change({ overlaidOpacity });
              planes.setOverlaid(overlaid, overlaid.presets[0], overlaidOpacity);
              planes.render();
            }),
          ]
        : []),
      tick('Measure', view.isMeasuring, (isMeasuring) => change({ isMeasuring })),
      view.measurements.length > 0 &&
        element('button', { type: 'button', onclick: () => change({ measurements: [] }) }, 'Clear measurements'),
      element('button', { type: 'button', onclick: () => savePicture(view, hosts) }, 'Save picture'),
      problem,
    ];
    panel.replaceChildren(...controls.filter((control) => control !== false));
  };
  fill();
  holder.watch((changed) => {
    const isMine = ['background', 'overlaid', 'window', 'isMeasuring', 'measurements'] as const;
    if (isMine.some((name) => changed.has(name))) refill();
  });
  return panel;

  /** The focus stays on the field that a person is in. */
  function refill(): void {
    const index = [...panel.querySelectorAll('select, input, button')].indexOf(document.activeElement as Element);
    fill();
    (panel.querySelectorAll('select, input, button')[index] as HTMLElement | undefined)?.focus();
  }
}
