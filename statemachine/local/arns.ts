import {
  FUNCTION_BINDINGS,
  QUEUE_BINDINGS,
  SERVICE_BINDINGS,
  SETTING_BINDINGS,
  STAGE_BINDINGS,
  type StageBinding,
} from '../bindings.ts';
import { Failure } from '../engine/failure.ts';
import type { Json } from '../engine/json.ts';

/** On one machine a placeholder is bound to its own name; settings to their number. */
export const LOCAL_SUBSTITUTIONS: Record<string, string> = {
  ...Object.fromEntries(
    Object.keys({ ...STAGE_BINDINGS, ...FUNCTION_BINDINGS, ...QUEUE_BINDINGS, ...SERVICE_BINDINGS }).map((name) => [
      name,
      name,
    ]),
  ),
  ...SETTING_BINDINGS,
};

/** The stage behind a function or job definition. @throws Failure as the service would for an unknown name */
export function bindingOf(name: Json | undefined, service: 'Lambda' | 'Batch'): StageBinding {
  const binding = STAGE_BINDINGS[String(name)];
  if (binding) return binding;
  const error = service === 'Lambda' ? 'Lambda.ResourceNotFoundException' : 'Batch.ClientException';
  throw new Failure(error, `nothing is bound to ${name}`);
}
