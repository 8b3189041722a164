import type { DoseDecision, SelectedDose } from '../../rt/dose-decision.ts';
import type { DoseQuestion } from './ledger.ts';

/** The decision that the override file holds for the course; undefined when it holds none. */
export function overriddenDecision(question: DoseQuestion): DoseDecision | undefined {
  const entry = question.override?.courses[question.courseId];
  if (!entry) return undefined;
  const selected = entry.doses.map(
    (dose): SelectedDose =>
      typeof dose === 'string' ? { doseUid: dose, weight: 1 } : { doseUid: dose.dose_uid, weight: dose.weight },
  );
  const known = new Set(question.doses.map((dose) => dose.sopInstanceUid));
  const unknown = selected.filter((dose) => !known.has(dose.doseUid));
  const twice = new Set(selected.map((dose) => dose.doseUid)).size < selected.length;
  const valid = unknown.length === 0 && !twice;
  const chosen = valid ? selected : [];
  return {
    rule: valid ? 'override' : 'override_invalid',
    selected: chosen,
    sum: isSum(chosen),
    alternatives: [],
    otherTypes: [],
    findings: [],
    candidates: question.doses.map((dose) => {
      const isChosen = chosen.some((choice) => choice.doseUid === dose.sopInstanceUid);
      return {
        doseUid: dose.sopInstanceUid,
        summationType: dose.header.summationType,
        planUids: dose.header.planReferences.map((reference) => reference.planUid),
        role: isChosen ? 'total' : 'alternative',
        selected: isChosen,
        reason: isChosen ? `chosen by hand: ${entry.reason}` : 'not chosen by hand',
      };
    }),
    prescriptionGy: (valid && entry.prescription_gy) || null,
    prescriptionSource: valid && entry.prescription_gy ? 'override' : '',
    targetPrescriptions: [],
    evidence: [`override: ${entry.reason}`],
    confidence: valid ? 'high' : 'none',
    warnings: [
      ...unknown.map((dose) => `the override file names dose ${dose.doseUid}, which the course does not have`),
      ...(twice ? ['the override file names a dose twice'] : []),
    ],
  };
}

/** Whether doses have to be added or scaled before use. */
export function isSum(selected: SelectedDose[]): boolean {
  return selected.length > 1 || selected.some((dose) => dose.weight !== 1);
}
