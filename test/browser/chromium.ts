import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Names under which systems install Chromium, and Chrome, which serves as well. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALL_MS = 600_000;
/** WebGL2 without a graphics card: the planes of the viewer are drawn by the processor. */
const SOFTWARE_GRAPHICS = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/**
 * A headless Chromium of the system. Root on a Debian installs it where it is missing. `CHROMIUM` names another one.
 * Without any, or where it does not start, the reason: said loudly, so that nobody takes untested pages for tested ones.
 */
export async function openChromium(): Promise<Browser | { missing: string }> {
  const program = findChromium() ?? installChromium();
  if (!program) return loud('Chromium is not installed: apt-get install chromium, or name one in CHROMIUM');
  try {
    // Its sandbox does not start for root and in containers. The pages are our own.
    const args = ['--no-sandbox', '--disable-dev-shm-usage', ...SOFTWARE_GRAPHICS];
    return await chromium.launch({ executablePath: program, args });
  } catch (error) {
    return loud(`${program} does not start: ${(error as Error).message.split('\n')[0]}`);
  }
}

function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

function installChromium(): string | undefined {
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) return undefined;
  const options = { timeout: INSTALL_MS, stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update', '-qq'], { ...options, stdio: 'ignore' });
    const packages = ['chromium', 'fonts-dejavu-core'];
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      ...options,
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  return findChromium();
}

function loud(reason: string): { missing: string } {
  console.error(`\n${'!'.repeat(80)}\nPAGES NOT TESTED: ${reason}\n${'!'.repeat(80)}\n`);
  return { missing: reason };
}
