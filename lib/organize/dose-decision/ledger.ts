import type { CourseDose, CoursePlan, Fraction } from '../../rt/course.ts';
import type { DoseCandidate, DoseRole } from '../../rt/dose-decision.ts';
import type { Registration } from '../../rt/registration.ts';
import type { DoseOverride } from './override-file.ts';

/** The facts of a course that its dose is decided on. */
export interface DoseQuestion {
  courseId: string;
  doses: CourseDose[];
  plans: CoursePlan[];
  fractions: Fraction[];
  /** Of the primary structure set and the planning images; [] when there are neither. */
  frameOfReferenceUids: string[];
  registrations: Registration[];
  override?: DoseOverride;
}

/** Collects what is found out on the way: the role of every dose, evidence and warnings. */
export class Ledger {
  readonly evidence: string[] = [];
  readonly warnings: string[] = [];
  readonly #roles = new Map<string, { role: DoseRole; reason: string; selected: boolean }>();

  /** The last word on a dose counts. */
  setAside(dose: CourseDose, role: DoseRole, reason: string): void {
    this.#roles.set(dose.sopInstanceUid, { role, reason, selected: false });
  }

  select(doseUid: string, role: DoseRole, reason: string): void {
    this.#roles.set(doseUid, { role, reason, selected: true });
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
