import { readFileSync } from 'node:fs';

/** A package as the lock file states it. */
export interface LockedPackage {
  name: string;
  version: string;
  /** SPDX expression as its author states it. */
  licence: string;
  /** Only for developing, testing and deploying; not in the package or the images. */
  isDev: boolean;
  hasInstallScript: boolean;
  /** It lies within the archive of another package, which has a checksum. */
  isBundled: boolean;
  integrity: string;
}

interface LockEntry {
  version: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
  inBundle?: boolean;
  integrity?: string;
}

const MODULES = 'node_modules/';

/** Every package of package-lock.json, by name and version, each once. */
export function lockedPackages(file: string | URL): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockEntry> };
  const all = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf(MODULES) + MODULES.length);
    const isDev = entry.dev === true;
    const key = `${name} ${entry.version} ${isDev}`;
    const {
      version,
      license: licence = 'not stated',
      hasInstallScript = false,
      inBundle = false,
      integrity = '',
    } = entry;
    all.set(key, { name, version, licence, isDev, hasInstallScript, isBundled: inBundle, integrity });
  }
  return [...all.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key({ name, version }: LockedPackage): string {
  return `${name}\n${version}`;
}
