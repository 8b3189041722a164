import { BadConfig } from '../../errors.ts';
import { sameStructure } from './aliases.ts';
import type { DerivedDefinition } from './schema.ts';

/** Every structure that a definition names. */
export function sourcesOf(definition: DerivedDefinition): string[] {
  return [
    ...definition.source_structures,
    ...(definition.crop_by?.structures ?? []),
    ...(definition.crop_to?.structures ?? []),
  ];
}

/**
 * Definitions so that each comes after those it names, else in the order of the file. A definition that names itself
 * means a ROI of that name.
 * @throws BadConfig when two definitions have one name, or when they name each other in a circle
 */
export function inDependencyOrder(definitions: DerivedDefinition[]): DerivedDefinition[] {
  const twice = definitions.find((one, n) => definitions.slice(0, n).some((other) => other.name === one.name));
  if (twice) throw new BadConfig(`custom_structures defines "${twice.name}" twice`);
  const ordered: DerivedDefinition[] = [];
  const visit = (definition: DerivedDefinition, path: DerivedDefinition[]): void => {
    if (ordered.includes(definition)) return;
    if (path.includes(definition)) {
      const circle = [...path.slice(path.indexOf(definition)), definition].map((one) => one.name).join(' -> ');
      throw new BadConfig(`circular definition in custom_structures: ${circle}`);
    }
    for (const source of sourcesOf(definition)) {
      const needed = definitionOf(source, definitions);
      if (needed && needed !== definition) visit(needed, [...path, definition]);
    }
    ordered.push(definition);
  };
  for (const definition of definitions) visit(definition, []);
  return ordered;
}

function definitionOf(source: string, definitions: DerivedDefinition[]): DerivedDefinition | undefined {
  return definitions.find(({ name }) => name === source) ?? definitions.find(({ name }) => sameStructure(name, source));
}
