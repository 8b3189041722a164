import { harmonise } from '../names/harmonise.ts';
import { sameStructure } from './aliases.ts';

/** A structure that a definition may mean. */
export interface NamedStructure {
  name: string;
  /** TG-263 name, when one is certain. */
  standardName?: string | null;
}

/**
 * The rules by which a name in a definition means a structure, the surest first: the very name, the same standard name,
 * the letters and digits of an alias.
 * @param nameOverrides own name -> standard name
 */
export function sourceRules(
  requested: string,
  nameOverrides: Readonly<Record<string, string>> = {},
): ((structure: NamedStructure) => boolean)[] {
  const standard = harmonise(requested, nameOverrides).standardName;
  return [
    ({ name }) => name === requested,
    ({ standardName }) => standard !== null && standardName === standard,
    ({ name }) => sameStructure(name, requested),
  ];
}
