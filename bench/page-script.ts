/**
 * Bundles the script of the report's pages with its chart library and writes it as a module: npm run page-script.
 * The result is committed, so that nothing needs to be built to run the product.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The module `page-script.ts` as text. */
export async function pageScriptModule(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../lib/report/browser/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  });
  // Inside an element a closing tag in a string would end it.
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script').trimEnd();
  const sha256 = createHash('sha256').update(script).digest('base64');
  return `/** The script of the pages, bundled from browser/ with Observable Plot (ISC, Copyright Observable, Inc.): npm run page-script. */
export const PAGE_SCRIPT =
  ${JSON.stringify(script)};

/** SHA-256 in base64, for the content security policy. */
export const PAGE_SCRIPT_SHA256 = '${sha256}';
`;
}

if (import.meta.main) writeFileSync(new URL('../lib/report/page-script.ts', import.meta.url), await pageScriptModule());
