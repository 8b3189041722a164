import { type ConfigKey, configKeys } from './config-keys.ts';
import { variablesOf } from './environment.ts';
import { readProfiles } from './profiles/profiles.ts';

/** docs/configuration.md: every key of the schema with its meaning, default and variables. */
export function configurationPage(): string {
  const sections = Map.groupBy(configKeys(), ({ key }) => (key.includes('.') ? key.split('.')[0] : ''));
  return [
    '# Configuration',
    '',
    'The command `npm run docs:configuration` writes this page from the schema in lib/config.',
    '',
    'A value comes from one of these places, and a later place wins: the default, `--profile <name>`, the file of `--config`, the environment, a flag.',
    'Every key has an environment variable and the flag `--set <key>=<value>`. Flags of RTpipeline 2 keep their names: see',
    '`rtpipeline run --help`. `rtpipeline config --show` prints each value and its origin. An unknown key is an',
    'error that names the nearest known key. `null` means: the program decides.',
    '',
    ...[...sections].flatMap(([section, keys]) => sectionLines(section, keys)),
    '## Profiles',
    '',
    ...profileLines(),
  ].join('\n');
}

function sectionLines(section: string, keys: ConfigKey[]): string[] {
  const rows = keys.map(({ key, type, description, default: value }) => {
    const variables = variablesOf(key).map((name) => `\`${name}\``);
    return `| \`${key}\` | ${forMarkdown(description)} | ${forMarkdown(type)} | \`${JSON.stringify(value)}\` | ${variables.join(', ')} |`;
  });
  return [
    `## ${section === '' ? 'The whole run' : section}`,
    '',
    '| key | meaning | value | default | variables |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function profileLines(): string[] {
  return readProfiles().flatMap(({ name, description, settings }) => [
    `\`${name}\`: ${description} \`${JSON.stringify(settings)}\``,
    '',
  ]);
}

function forMarkdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
