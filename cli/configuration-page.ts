import { type ConfigKey, configKeys } from './config-keys.ts';
import { variablesOf } from './environment.ts';
import { readProfiles } from './profiles/profiles.ts';

/** docs/configuration.md: every key of the schema with its meaning, default and variables. */
export function configurationPage(): string {
  const sections = Map.groupBy(configKeys(), ({ key }) => (key.includes('.') ? key.split('.')[0] : ''));
  return [
    '# Configuration',
    '',
    'This page is written by `npm run docs:configuration` from the schema in lib/config.ts.',
    '',
    'A value comes from, later ones win: the default, `--profile <name>`, the file of `--config`, the environment, a flag.',
    'Every key has a variable, and `--set <key>=<value>` as its flag; those that RTpipeline had flags for keep them, see',
    '`rtpipeline run --help`. `rtpipeline config --show` prints each value with where it came from. An unknown key is an',
    'error that names the nearest known one. `null` means that the product decides.',
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
