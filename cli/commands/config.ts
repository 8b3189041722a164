import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { Config } from '#lib/config.ts';
import { redacted, secretsSet, withoutSecretValues } from '#lib/secrets.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { configKeys } from '../config-keys.ts';
import type { EffectiveConfig } from '../configuration.ts';
import { configurationPage } from '../configuration-page.ts';
import { readProfiles } from '../profiles/profiles.ts';
import { textTable } from '../text-table.ts';

interface ConfigOptions extends ConfigFlags {
  show: boolean;
  yaml: boolean;
  markdown: boolean;
}

export function addConfig(program: Command): void {
  const command = program
    .command('config')
    .option('--show', 'print every key with its value and its origin', false)
    .option('--yaml', 'print the whole configuration as a file', false)
    .option('--markdown', 'print a page that describes every key', false);
  addConfigFlags(command).action(async (options: ConfigOptions) => {
    if (options.markdown) return console.log(configurationPage());
    const effective = await configFrom(options);
    if (options.yaml) return console.log(asYaml(effective.config));
    console.log(options.show ? describeConfig(effective) : describeProfiles());
  });
}

/** A configuration file of all keys; in place of a secret stands a comment. */
function asYaml(config: Config): string {
  const secrets = secretsSet(config).map(({ key }) => `# ${key} is set; its value is not shown\n`);
  return `${secrets.join('')}${stringify(withoutSecretValues(config))}`;
}

/** A row per key: value, and `default`, `profile`, `file`, `environment` or `flag`. */
export function describeConfig({ config, origins }: EffectiveConfig): string {
  const shown = redacted(config);
  const rows = configKeys().map(({ key }) => {
    return [key, short(valueAt(shown, key)), origins.get(key) ?? 'default'];
  });
  return textTable(['key', 'value', 'from'], rows);
}

function valueAt(config: unknown, key: string): unknown {
  return key.split('.').reduce((at, name) => (at as Record<string, unknown>)[name], config);
}

const LONGEST = 60;

/** On one line; contents of files are long. */
function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function describeProfiles(): string {
  const rows = readProfiles().map(({ name, description, settings }) => [name, description, JSON.stringify(settings)]);
  return `${textTable(['profile', 'for', 'settings'], rows)}\n\nrtpipeline config --show shows every key with its value.`;
}
