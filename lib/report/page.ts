import { html, Markup } from './html.ts';
import { PAGE_SCRIPT, PAGE_SCRIPT_SHA256 } from './page-script.ts';
import { STYLE } from './style.ts';

/** What a page of the report is made of. */
export interface PageParts {
  title: string;
  header: Markup;
  main: Markup;
  /** What scripts of the page read, by the id of its element. */
  data: Record<string, unknown>;
}

/** The page loads nothing from elsewhere and runs only the product's own script, whatever the data contain. */
const POLICY = `default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'sha256-${PAGE_SCRIPT_SHA256}'; base-uri 'none'; form-action 'none'`;

/** One HTML file that needs nothing else. */
export function renderPage({ title, header, main, data }: PageParts): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${STYLE}</style></head>
<body><a class="skip" href="#main">To the contents</a><header>${header}</header><main id="main">
${main}
</main>${Object.entries(data).map(([id, value]) => jsonElement(id, value))}
<script>${new Markup(PAGE_SCRIPT)}</script></body></html>
`;
  return page.text;
}

/** Data for the script. No text in it ends the element: `<` is written as an escape of JSON. */
function jsonElement(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${new Markup(json)}</script>
`;
}
