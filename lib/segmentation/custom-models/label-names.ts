import { BadConfig } from '../../errors.ts';

interface Named {
  alias: string;
  label_order: string[];
}

/**
 * Refuses labels that cannot be told apart: within a network two that differ only in case, spaces or punctuation; between
 * networks the same, unless they are written alike, for then the later network's structure replaces the earlier one's.
 * @throws BadConfig
 */
export function checkNames(networks: Named[], ensemble?: { label_order?: string[] }): void {
  const seen = new Map<string, { name: string; alias: string }>();
  const all = [
    ...networks,
    ...(ensemble?.label_order ? [{ alias: 'ensemble', label_order: ensemble.label_order }] : []),
  ];
  for (const { alias, label_order } of all) {
    for (const name of label_order) {
      const token = labelToken(name);
      if (token === '') throw new BadConfig(`the label ${JSON.stringify(name)} of ${alias} needs a letter or a digit`);
      const other = seen.get(token);
      if (other && (other.alias === alias || other.name !== name))
        throw new BadConfig(`the labels ${other.name} (${other.alias}) and ${name} (${alias}) are too similar`);
      seen.set(token, { name, alias });
    }
  }
}

/** What names are compared by: letters and digits in lower case. */
export function labelToken(name: string): string {
  return name.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, '');
}
