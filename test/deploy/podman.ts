import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, '.cache', 'podman');
const TREE = join(CACHE, 'base');
export const BASE = 'localhost/rtpipeline-base';

/** Where containers may not make networks or limits of their own: those of the host. */
const CONFIGURATION = `[containers]
netns = "host"
default_ulimits = ["nofile=20000:20000", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
`;

/** Why no image can be built here, undefined when one can. */
export function podmanMissing(): string | undefined {
  const missing = ['podman', 'runc', 'debootstrap'].filter((name) => spawnSync(name, ['--version']).error);
  if (process.getuid?.() !== 0) return 'building images takes root here';
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed: apt-get install ${missing.join(' ')}`;
}

export function podman(...args: string[]): string {
  mkdirSync(CACHE, { recursive: true });
  const configuration = join(CACHE, 'containers.conf');
  writeFileSync(configuration, CONFIGURATION);
  return execFileSync('podman', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STORAGE_DRIVER: 'vfs', CONTAINERS_CONF: configuration },
  });
}

/** A Debian with this Node and its npm, in the place of an image that cannot be pulled. */
export function makeBase(): void {
  if (!existsSync(join(TREE, 'usr/local/bin/node'))) {
    rmSync(TREE, { recursive: true, force: true });
    mkdirSync(dirname(TREE), { recursive: true });
    const include = 'ca-certificates,libstdc++6';
    execFileSync('debootstrap', ['--variant=minbase', `--include=${include}`, 'bookworm', TREE], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    rmSync(join(TREE, 'var/cache/apt'), { recursive: true, force: true });
    cpSync(process.execPath, join(TREE, 'usr/local/bin/node'));
    const npm = dirname(
      dirname(execFileSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' }).trim()),
    );
    cpSync(npm, join(TREE, 'usr/local/lib/npm'), { recursive: true });
    writeFileSync(join(TREE, 'usr/local/bin/npm'), '#!/bin/sh\nexec node /usr/local/lib/npm/bin/npm-cli.js "$@"\n', {
      mode: 0o755,
    });
    // Certificates that this machine trusts beside the usual ones, where packages come through a gateway.
    const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
    writeFileSync(join(TREE, 'etc/ssl/extra.pem'), '');
    if (certificates && existsSync(certificates))
      cpSync(certificates, join(TREE, 'etc/ssl/extra.pem'), { dereference: true });
  }
  const archive = join(CACHE, 'base.tar');
  execFileSync('tar', ['-C', TREE, '-cf', archive, '.']);
  podman(
    'import',
    '--change',
    'ENV PATH=/usr/local/bin:/usr/bin:/bin',
    '--change',
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/extra.pem',
    archive,
    BASE,
  );
  rmSync(archive);
}
