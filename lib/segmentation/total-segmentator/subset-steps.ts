import type { Step } from '../custom-models/steps-schema.ts';
import type { ConvertedTask } from './converted-tasks.ts';

/** Distance around the structures that the quick look finds (TotalSegmentator's constant). */
const MARGIN_MM = 20;

/**
 * The steps of a task for some of its classes, as the program does it: a quick look at the whole image finds their box, and
 * only the networks that know one of them look at it. A task that was converted without the quick look, or whose quick look
 * does not know one of the classes, sees the whole image.
 */
export function subsetSteps({ model, steps }: Pick<ConvertedTask, 'model' | 'steps'>, structures: string[]): Step[] {
  const knows = (alias: string) => {
    const labels = model.networks.find((network) => network.alias === alias)?.label_order ?? [];
    return labels.some((name) => structures.includes(name));
  };
  const own = steps.slice(0, -1);
  const last = steps[steps.length - 1];
  const wanted = { ...last, networks: last.networks.filter(knows) };
  const { subset } = model;
  if (!subset || !structures.every((name) => subset.labels[name])) return [...own, wanted];
  const margin_mm: [number, number, number] = [MARGIN_MM, MARGIN_MM, MARGIN_MM];
  return [...own, subset, { ...wanted, crop: { step: subset.name, structures, margin_mm } }];
}
