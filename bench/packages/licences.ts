import { type LockedPackage, lockedPackages } from './lock-file.ts';

/** docs/licences.md, from the lock file: `npm run docs:licences`. */
export function licencesPage(packages: LockedPackage[]): string {
  const shipped = packages.filter(({ isDev }) => !isDev);
  return [
    '# Licences of the packages',
    '',
    'Made by `npm run docs:licences` from package-lock.json, as the authors state them. The product itself is under the MIT licence.',
    'For other programs, `npm run sbom` prints the packages that are shipped as a CycloneDX list.',
    '',
    `## Shipped: ${shipped.length} packages, in the npm package's dependencies and in the images`,
    '',
    ...tableOf(shipped),
    '',
    `## For developing, testing and deploying alone: ${packages.length - shipped.length} packages`,
    '',
    ...tableOf(packages.filter(({ isDev }) => isDev)),
    '',
  ].join('\n');
}

function tableOf(packages: LockedPackage[]): string[] {
  const groups = Map.groupBy(packages, ({ licence }) => licence);
  const named = (group: LockedPackage[]) => group.map(({ name, version }) => `${name} ${version}`).join(', ');
  const rows = [...groups].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  return [
    '| licence | packages | which |',
    '|---|---|---|',
    ...rows.map(([licence, group]) => `| ${licence} | ${group.length} | ${named(group)} |`),
  ];
}

if (import.meta.main)
  process.stdout.write(licencesPage(lockedPackages(new URL('../../package-lock.json', import.meta.url))));
