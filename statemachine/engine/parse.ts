import { checkBranch, statesIn } from './check.ts';
import { type Definition, definitionSchema } from './definition.ts';
import { DefinitionError } from './failure.ts';
import { type Integrations, type ResourceName, resourceName } from './integration.ts';
import { LIMITS } from './limits.ts';

const PLACEHOLDER = /\$\{(\w+)\}/g;

/** The names of the `${Placeholders}` in the file, each once, in the order of their first use. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]))];
}

/**
 * Reads a state machine from its JSON text with placeholders replaced, as CloudFormation replaces
 * `DefinitionSubstitutions`.
 * @throws DefinitionError that lists all that is wrong or unknown to this engine
 */
export function loadDefinition(text: string, substitutions: Record<string, string> = {}): Definition {
  const unbound = placeholdersIn(text).filter((name) => substitutions[name] === undefined);
  if (unbound.length > 0) throw new DefinitionError(unbound.map((name) => `\${${name}} has no value`));
  const resolved = text.replace(PLACEHOLDER, (_, name: string) => substitutions[name]);
  if (Buffer.byteLength(resolved) > LIMITS.definitionBytes) throw new DefinitionError(['it is larger than 1 MiB']);
  return parseDefinition(JSON.parse(resolved));
}

/** Checks a state machine that is an object already. @throws DefinitionError */
export function parseDefinition(value: unknown): Definition {
  const parsed = definitionSchema.safeParse(value);
  if (!parsed.success) {
    throw new DefinitionError(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'top'}: ${message}`));
  }
  const problems = checkBranch(parsed.data);
  if (problems.length > 0) throw new DefinitionError(problems);
  return parsed.data;
}

/** @throws DefinitionError if the definition calls an integration without a binding */
export function requireIntegrations(definition: Definition, integrations: Integrations): void {
  const used = new Set<ResourceName | undefined>();
  for (const [, state] of statesIn(definition)) {
    if (state.Type === 'Task') used.add(resourceName(state.Resource));
    if (state.Type === 'Map' && state.ItemReader) used.add(resourceName(state.ItemReader.Resource));
    if (state.Type === 'Map' && state.ResultWriter) used.add(resourceName(state.ResultWriter.Resource));
  }
  const missing = [...used].filter((name) => name !== undefined && integrations[name] === undefined);
  if (missing.length > 0) throw new DefinitionError(missing.map((name) => `no integration for ${name}`));
}
