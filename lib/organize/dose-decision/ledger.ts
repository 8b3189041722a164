import { type Finding, type FindingCode, finding } from '../../findings.ts';
import type { CourseDose, CoursePlan, Fraction } from '../../rt/course.ts';
import type { DoseCandidate, DoseRole } from '../../rt/dose-decision.ts';
import type { Registration } from '../../rt/registration.ts';
import type { RoiHeader } from '../../rt/structure-set-header.ts';
import type { DoseOverride } from './override-file.ts';
import { type PlacedDose, partsOf } from './placed-dose.ts';

/** The facts of a course that its dose is decided on. */
export interface DoseQuestion {
  courseId: string;
  doses: CourseDose[];
  plans: CoursePlan[];
  fractions: Fraction[];
  /** The ROIs of a structure set of the course; [] of one that it does not have. */
  roisOf: (structureSetUid: string) => RoiHeader[];
  /** Of the primary structure set and the planning images; [] when there are neither. */
  frameOfReferenceUids: string[];
  /** Of all structure sets and of the images that they are drawn on. */
  structureFrameUids: string[];
  registrations: Registration[];
  override?: DoseOverride;
}

/** Collects what is found out on the way: the role of every dose, evidence and warnings. */
export class Ledger {
  readonly evidence: string[] = [];
  readonly warnings: string[] = [];
  readonly findings: Finding[] = [];
  readonly #roles = new Map<string, { role: DoseRole; reason: string; selected: boolean }>();

  find(code: FindingCode, where: string, message: string): void {
    this.findings.push(finding(code, where, message));
  }

  /** The last word on a dose counts. */
  setAside(dose: PlacedDose, role: DoseRole, reason: string): void {
    for (const { sopInstanceUid } of partsOf(dose)) this.#roles.set(sopInstanceUid, { role, reason, selected: false });
  }

  select(dose: PlacedDose, role: DoseRole, reason: string): void {
    for (const { sopInstanceUid } of partsOf(dose)) this.#roles.set(sopInstanceUid, { role, reason, selected: true });
  }

  candidates(doses: CourseDose[]): DoseCandidate[] {
    return doses.map((dose) => ({
      doseUid: dose.sopInstanceUid,
      summationType: dose.header.summationType,
      planUids: dose.header.planReferences.map((reference) => reference.planUid),
      ...(this.#roles.get(dose.sopInstanceUid) ?? { role: 'alternative', reason: 'not considered', selected: false }),
    }));
  }
}
