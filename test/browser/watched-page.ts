import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page of which everything is noted that a page of ours must not do. */
export interface WatchedPage {
  page: Page;
  /** Errors and warnings of the console, exceptions, and what the content security policy refused. */
  complaints: string[];
  /** Every address that was asked for. `data:` and `blob:` are the page itself. */
  requests: string[];
  close(): Promise<void>;
}

/** Opens an address in a browser of its own, without cookies or storage of earlier pages. */
export async function watchedPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  await page.goto(address);
  return { page, complaints, requests, close: () => context.close() };
}

/** What axe-core finds against WCAG 2.2 A and AA and its best practices: a line for each element. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's own policy does not let a script in.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    interface Violation {
      id: string;
      help: string;
      nodes: { html: string; failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary ?? ''}`),
    );
  });
}
