import type { DataSet } from '../../dicom/data-set.ts';
import { hasHalfLife, namedRadionuclide, radionuclidesOf } from './radionuclides.ts';

/** What was injected, from RadiopharmaceuticalInformationSequence (PS3.3 C.8.9.2). */
export interface Administration {
  agent: DataSet;
  doseBq: number;
  halfLifeS: number;
}

/** From 0.1 MBq, less than a mouse gets, to 100 GBq, more than any patient gets. */
const DOSE_BQ: Range = [1e5, 1e11];
/** From a mouse to the load limit of scanner tables. */
const WEIGHT_KG: Range = [0.01, 400];

type Range = [least: number, most: number];

/** The administration of a PET instance, or the reason why its numbers cannot be used. */
export function administrationOf(instance: DataSet): Administration | string {
  const agents = distinctAgents(instance.items('RadiopharmaceuticalInformationSequence'));
  if (agents.length > 1)
    return `${agents.length} radiopharmaceuticals are listed, and none is marked as the imaged one`;
  const [agent] = agents;
  const doseBq = agent?.number('RadionuclideTotalDose');
  if (!agent || !doseBq || doseBq <= 0) return 'the injected dose is missing';
  if (!isWithin(doseBq, DOSE_BQ)) return `the injected dose of ${doseBq} Bq is implausible (written in MBq?)`;
  const halfLifeS = agent.number('RadionuclideHalfLife');
  if (!halfLifeS || halfLifeS <= 0) return 'the half-life is missing';
  return halfLifeProblem(agent, halfLifeS) ?? { agent, doseBq, halfLifeS };
}

/** The body weight in g, or the reason why there is none. */
export function bodyWeightG(instance: DataSet): number | string {
  const weightKg = instance.number('PatientWeight');
  if (!weightKg || weightKg <= 0) return 'the patient weight is missing';
  if (!isWithin(weightKg, WEIGHT_KG)) return `the patient weight of ${weightKg} kg is implausible (written in g?)`;
  return weightKg * 1000;
}

/** Some scanners list the same injection twice. */
function distinctAgents(agents: DataSet[]): DataSet[] {
  const facts = (agent: DataSet) =>
    (
      [
        'RadionuclideTotalDose',
        'RadionuclideHalfLife',
        'RadiopharmaceuticalStartDateTime',
        'RadiopharmaceuticalStartTime',
      ] as const
    )
      .map((keyword) => agent.text(keyword))
      .join(' ');
  return [...new Map(agents.map((agent) => [facts(agent), agent])).values()];
}

/** A half-life must be that of the nuclide which the file names; without a name, that of some positron emitter. */
function halfLifeProblem(agent: DataSet, halfLifeS: number): string | undefined {
  const name = agent.items('RadionuclideCodeSequence')[0]?.text('CodeMeaning') ?? '';
  const nuclide = namedRadionuclide(name);
  if (nuclide) {
    if (hasHalfLife(nuclide, halfLifeS)) return undefined;
    return `a half-life of ${halfLifeS} s is not that of ${nuclide.symbol}-${nuclide.mass} (${nuclide.halfLifeS} s)`;
  }
  if (name !== '' || radionuclidesOf(halfLifeS).length > 0) return undefined;
  return `no PET radionuclide has a half-life of ${halfLifeS} s (written in minutes?)`;
}

function isWithin(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}
