import { ownKeys } from '../own-keys.ts';
/** Text that is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | boolean | null | undefined | Content[];

/** HTML from a template: everything put in is escaped, but what is `Markup`; lists are joined, no value and booleans leave nothing. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + textOf(values[index - 1]) + part));
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(textOf).join('');
  return content === null || content === undefined || typeof content === 'boolean' ? '' : escapeHtml(String(content));
}

/** Safe in text and in quoted attributes. Control characters that no browser shows are left out. */
function escapeHtml(text: string): string {
  return text.replace(UNSHOWN, '').replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
const UNSHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

const ENTITIES: Record<string, string> = ownKeys({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
});
