import { LEAST_SHOWN, SCALE_END } from '#lib/report/pictures/dose-colour.ts';
import { choice, element, numberField, slider, tellLoading, tick } from './dom.ts';
import { chooseDose } from './loading.ts';
import { DIFFERENCE_END, levelColour } from './overlay.ts';
import type { DoseMode, View, ViewHolder } from './view.ts';
import { isOnBackground } from './view.ts';

/** Which doses, drawn how; the colours with their doses. */
export function dosePanel(holder: ViewHolder): HTMLElement {
  const { view } = holder;
  const panel = element('section', { 'aria-label': 'Dose', class: 'dose' });
  const body = element('div');
  const problem = element('p', { class: 'problem', role: 'status' });
  panel.append(element('h2', {}, 'Dose'), body, problem);
  const choose = (which: 'first' | 'second') => (value: string) => {
    tellLoading(problem, chooseDose(holder, which, value === '' ? undefined : value));
  };
  const fill = () => body.replaceChildren(...controls(holder, choose));
  fill();
  holder.watch((changed) => {
    const isMine = ['doses', 'doseMode', 'referenceDose', 'levelsPct', 'background'] as const;
    if (isMine.some((name) => changed.has(name))) fill();
  });
  if (view.scene.doses.length === 0) body.replaceChildren(element('p', { class: 'quiet' }, 'This course has no dose.'));
  return panel;
}

function controls(
  { view, change }: ViewHolder,
  choose: (which: 'first' | 'second') => (value: string) => void,
): HTMLElement[] {
  const { first, second } = view.doses;
  const options = view.scene.doses.map(({ doseUid, label, isEvaluated }) => ({
    value: doseUid,
    text: isEvaluated ? `${label} (DVHs)` : label,
  }));
  const none = { value: '', text: 'none' };
  const modes: { value: DoseMode; text: string }[] = [
    { value: 'first', text: 'first' },
    { value: 'second', text: 'second' },
    { value: 'difference', text: 'first less second' },
  ];
  return [
    choice('Dose', [none, ...options], first?.dose.doseUid ?? '', choose('first')),
    ...(options.length > 1 && first
      ? [choice('Compared', [none, ...options], second?.dose.doseUid ?? '', choose('second'))]
      : []),
    ...(second ? [choice('Shown', modes, view.doseMode, (mode) => change({ doseMode: mode as DoseMode }))] : []),
    ...(first
      ? [
          element(
            'div',
            { class: 'row' },
            tick('Wash', view.hasWash, (hasWash) => change({ hasWash })),
            tick('Isodoses', view.hasIsodoses, (hasIsodoses) => change({ hasIsodoses })),
            slider('Opacity', view.washOpacity, (washOpacity) => change({ washOpacity })),
          ),
          numberField(
            `100 % is, ${first.unit || 'relative'}`,
            view.referenceDose,
            { step: 0.1, min: 0.01 },
            (referenceDose) => change({ referenceDose }),
          ),
          element('p', { class: 'quiet' }, referenceText(view)),
          view.doseMode === 'difference' && second ? differenceKey(view) : levelsKey(view, change),
          ...[first, second]
            .flatMap((shown) => shown?.notes ?? [])
            .map((note) => element('p', { class: 'quiet' }, note)),
          ...[first, second].flatMap((shown) =>
            shown?.dose.reason ? [element('p', { class: 'quiet' }, shown.dose.reason)] : [],
          ),
          ...(isOnBackground(view, first.space)
            ? []
            : [
                element(
                  'p',
                  { class: 'problem' },
                  'This dose has another frame of reference than the image, so it is not drawn.',
                ),
              ]),
        ]
      : []),
  ];
}

function referenceText({ doses: { first }, referenceDose }: View): string {
  if (!first) return '';
  if (first.dose.prescriptionGy === referenceDose) return 'The prescribed dose.';
  return referenceDose === first.greatest
    ? 'The maximum dose: no plan gives a prescription.'
    : 'A dose that you entered.';
}

function levelsKey({ levelsPct, referenceDose, doses }: View, change: ViewHolder['change']): HTMLElement {
  const unit = doses.first?.unit ?? '';
  const field = element('input', {
    value: levelsPct.join(', '),
    onchange: (event) => {
      const text = (event.target as HTMLInputElement).value;
      const levels = text
        .split(/[\s,;]+/)
        .map(Number)
        .filter((level) => level > 0 && level < 1000);
      if (levels.length > 0) change({ levelsPct: levels });
    },
  });
  const lines = levelsPct.map((level) =>
    element(
      'li',
      {},
      element('span', { class: 'swatch', style: `background:${levelColour(level)}` }),
      `${level} % ${((level / 100) * referenceDose).toFixed(2)} ${unit}`,
    ),
  );
  return element(
    'div',
    {},
    element('label', { class: 'choice' }, element('span', {}, 'Isodoses, %'), field),
    element('ul', { class: 'key' }, ...lines),
    element(
      'p',
      { class: 'quiet' },
      `Wash from ${Math.round(100 * LEAST_SHOWN)} %, its colours end at ${Math.round(100 * SCALE_END)} %.`,
    ),
  );
}

function differenceKey({ referenceDose, doses }: View): HTMLElement {
  const end = (DIFFERENCE_END * referenceDose).toFixed(2);
  const unit = doses.first?.unit ?? '';
  return element(
    'ul',
    { class: 'key' },
    element(
      'li',
      {},
      element('span', { class: 'swatch', style: 'background:rgb(255 0 0)' }),
      `first higher, full at ${end} ${unit}`,
    ),
    element(
      'li',
      {},
      element('span', { class: 'swatch', style: 'background:rgb(0 0 255)' }),
      `second higher, full at ${end} ${unit}`,
    ),
  );
}
