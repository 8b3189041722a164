import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, Markup } from '#lib/report/html.ts';

const cases: [string, Markup, string][] = [
  ['text is escaped', html`<b>${'<i> & "x" \'y\''}</b>`, '<b>&lt;i&gt; &amp; &quot;x&quot; &#39;y&#39;</b>'],
  ['markup is not', html`<b>${html`<i>${1}</i>`}</b>`, '<b><i>1</i></b>'],
  ['lists are joined', html`${['a', html`<br>`, ['<']]}`, 'a<br>&lt;'],
  ['nothing leaves nothing', html`[${null}${undefined}${false}${true}${''}]`, '[]'],
  ['zero stays', html`${0}`, '0'],
  ['control characters are left out', html`${'a\u0000\u001b\tb'}`, 'a\tb'],
];
for (const [title, markup, text] of cases) {
  test(`in a template ${title}`, () => {
    assert.ok(markup instanceof Markup);
    assert.equal(markup.text, text);
  });
}
