import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageScriptModule } from '../../../bench/page-script.ts';

test('the script of the pages matches its sources in browser/: npm run page-script', async () => {
  const built = await pageScriptModule();
  const committed = readFileSync(new URL('../../../lib/report/page-script.ts', import.meta.url), 'utf8');
  assert.ok(built === committed, 'run `npm run page-script`');
});
