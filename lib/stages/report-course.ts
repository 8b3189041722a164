import { chosenDoseUid } from '../course-store/dose.ts';
import type { BeamFacts, CourseDetails } from '../report/input.ts';
import type { CoursePictures } from '../report/pictures/picture.ts';
import { type Beam, isTreatmentBeam } from '../rt/beam.ts';
import type { Course, CoursePlan } from '../rt/course.ts';
import type { Row } from '../tables/table.ts';

/** What the page of a course shows beside its tables, from `course.json` and the files of its stages. */
export function courseDetails(course: Course, curves: Row[], pictures: CoursePictures | undefined): CourseDetails {
  const { rule, confidence, evidence, warnings } = course.doseDecision;
  return {
    curves,
    pictures,
    doseDecision: { rule, confidence, evidence, warnings },
    beams: course.plans.flatMap(beamsOf),
    names: namesOf(course),
  };
}

function beamsOf({ sopInstanceUid: planUid, plan }: CoursePlan): BeamFacts[] {
  const metersets = plan.fractionGroups.flatMap(({ beams }) => beams);
  return plan.beams.filter(isTreatmentBeam).map((beam) => ({
    planUid,
    name: beam.name || `beam ${beam.number}`,
    kind: [beam.type, beam.radiationType, beam.fluenceMode].filter(Boolean).join(' '),
    energies: energiesOf(beam),
    gantry: gantryOf(beam.gantryDeg, beam.gantryEndDeg, beam.gantrySpanDeg),
    collimatorDeg: beam.collimatorDeg,
    couchDeg: beam.couchDeg,
    meterset: metersets.find(({ number }) => number === beam.number)?.meterset,
    metersetUnit: beam.metersetUnit,
  }));
}

/** NominalBeamEnergy is in MV of photons, in MeV of others, and in MeV of each nucleon of ions (PS3.3 C.8.8.14). */
function energiesOf({ energies, radiationType }: Beam): string {
  if (energies.length === 0) return '–';
  const unit = radiationType === 'PHOTON' ? 'MV' : radiationType === 'ION' ? 'MeV/u' : 'MeV';
  return `${energies.join(', ')} ${unit}`;
}

function gantryOf(first: number | undefined, last: number | undefined, spanDeg: number): string {
  if (first === undefined) return '–';
  if (spanDeg === 0 || last === undefined) return String(first);
  return `${first} to ${last}, ${Math.round(spanDeg)} in all`;
}

/** Labels in place of UIDs. Two objects of one label keep the end of their UID beside it. */
function namesOf(course: Course): Record<string, string> {
  const plans = course.plans.map(({ sopInstanceUid, plan }) => [sopInstanceUid, plan.label || plan.name] as const);
  const labels = new Map(plans);
  const sets = course.structureSets.map(
    ({ sopInstanceUid, header }) => [sopInstanceUid, header.label || header.name] as const,
  );
  const doses = course.doses.map(({ sopInstanceUid, header, planUids }) => {
    const of = planUids.map((uid) => labels.get(uid) ?? '').filter(Boolean);
    return [
      sopInstanceUid,
      [header.summationType, 'dose', of.length > 0 && `of ${of.join(' + ')}`].filter(Boolean).join(' '),
    ] as const;
  });
  const doseLabels = new Map(doses);
  const { selected, alternatives, otherTypes } = course.doseDecision;
  const computed = [selected, ...[...alternatives, ...otherTypes].map((option) => option.doses)]
    .filter((parts) => parts.length > 0 && !doseLabels.has(chosenDoseUid(parts)))
    .map((parts) => {
      const terms = parts.map(
        ({ doseUid, weight }) => `${weight === 1 ? '' : `${weight} × `}${doseLabels.get(doseUid) ?? doseUid}`,
      );
      const distinct = [...new Set(terms)].join(' + ');
      return [chosenDoseUid(parts), terms.length > 1 ? `sum of ${terms.length} doses: ${distinct}` : distinct] as const;
    });
  const all = [...plans, ...sets, ...doses, ...computed].filter(([, label]) => label !== '');
  const times = Map.groupBy(all, ([, label]) => label);
  return Object.fromEntries(
    all.map(([uid, label]) => [uid, times.get(label)!.length > 1 ? `${label} …${uid.slice(-6)}` : label]),
  );
}
