import { readFile } from 'node:fs/promises';
import { ownKeys } from '#lib/own-keys.ts';
import type { Answer } from './server.ts';

const page = (type: string, read: () => Promise<string | Uint8Array>) => async (): Promise<Answer> => ({
  type,
  body: await read(),
});

/** Read once; beside this file in the package, made from the sources in a clone. */
let script: Promise<string | Uint8Array> | undefined;

const FILES: Record<string, () => Promise<Answer>> = ownKeys({
  '/': page('text/html; charset=utf-8', () => readFile(new URL('./page.html', import.meta.url))),
  '/view.css': page('text/css; charset=utf-8', () => readFile(new URL('./view.css', import.meta.url))),
  '/view.js': page('text/javascript; charset=utf-8', () => {
    script ??= clientScript();
    return script;
  }),
});

/** A file of the page; undefined for a path that it does not have. */
export async function pageFile(path: string): Promise<Answer | undefined> {
  return FILES[path]?.();
}

async function clientScript(): Promise<string | Uint8Array> {
  const built = await readFile(new URL('client.js', new URL('.', import.meta.url))).catch(() => undefined);
  return built ?? (await import('./client-script.ts')).clientScript();
}
