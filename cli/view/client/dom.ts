type Child = Node | string | number | null | undefined | false;
type Properties = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/**
 * An element with attributes, listeners (`onclick`, ...) and children. Text is text: a name from a file cannot become
 * markup. True writes an attribute without a value, false and undefined none.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function shape(tag: string, properties: Properties = {}, ...children: Child[]): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

function filled<T extends Element>(made: T, properties: Properties, children: Child[]): T {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  for (const child of children)
    if (child !== null && child !== undefined && child !== false)
      made.append(typeof child === 'number' ? String(child) : child);
  return made;
}

/** A labelled drop-down list. */
export function choice(
  label: string,
  options: { value: string; text: string }[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const select = element(
    'select',
    { onchange: (event) => onChange((event.target as HTMLSelectElement).value) },
    ...options.map(({ value, text }) => element('option', { value, selected: value === chosen }, text)),
  );
  return element('label', { class: 'choice' }, element('span', {}, label), select);
}

export function tick(label: string, isOn: boolean, onChange: (isOn: boolean) => void): HTMLLabelElement {
  const box = element('input', {
    type: 'checkbox',
    checked: isOn,
    onchange: (event) => onChange((event.target as HTMLInputElement).checked),
  });
  return element('label', { class: 'tick' }, box, element('span', {}, label));
}

export function slider(label: string, part: number, onChange: (part: number) => void): HTMLLabelElement {
  const input = element('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: Math.round(100 * part),
    oninput: (event) => onChange(Number((event.target as HTMLInputElement).value) / 100),
  });
  return element('label', { class: 'choice' }, element('span', {}, label), input);
}

export function numberField(
  label: string,
  value: number,
  { step, min }: { step: number; min?: number },
  onChange: (value: number) => void,
): HTMLLabelElement {
  const input = element('input', {
    type: 'number',
    value: Number(value.toFixed(3)),
    step,
    min,
    onchange: (event) => {
      const entered = (event.target as HTMLInputElement).valueAsNumber;
      if (Number.isFinite(entered)) onChange(entered);
    },
  });
  return element('label', { class: 'choice' }, element('span', {}, label), input);
}

/** Shows in `place` that work goes on, then nothing, or why it failed. */
export function tellLoading(place: HTMLElement, work: Promise<unknown>): void {
  place.textContent = 'Loading';
  work.then(
    () => {
      place.textContent = '';
    },
    (error: unknown) => {
      place.textContent = (error as Error).message;
    },
  );
}
