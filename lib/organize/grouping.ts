import { daysBetween } from '../rt/date-time.ts';
import { DisjointSets } from './disjoint-sets.ts';
import type { IndexRow } from './index-row.ts';
import type { Links } from './links.ts';
import type { OrganizeOptions } from './options.ts';
import type { PatientObjects } from './patient-objects.ts';
import { placesBy } from './places.ts';
import { compareText } from './words.ts';

/** The plans, doses and structure sets that make one course, and the UIDs that name it. */
export interface Draft {
  /** Studies or frames of reference that its objects share. */
  keys: string[];
  anchorUids: string[];
  plans: IndexRow[];
  doses: IndexRow[];
  structureSets: IndexRow[];
}

/**
 * Group a patient's plans, doses and structure sets into courses. Objects that refer to each other belong together;
 * so do those whose planning images share the study (`same_ct_study`) or the frame (`frame_of_reference`). `maxDays`
 * then splits a group wherever a plan is dated more than so many days after the first plan of its part.
 */
export function groupObjects(objects: PatientObjects, links: Links, options: OrganizeOptions): Draft[] {
  const groups = connect(objects, links, options);
  return groups.flatMap((group) => splitByDays(group, links, options.maxDays));
}

function connect(objects: PatientObjects, links: Links, options: OrganizeOptions): Draft[] {
  const sets = new DisjointSets();
  const rows = [...objects.structureSets, ...objects.plans, ...objects.doses];
  for (const row of rows) {
    const partners = partnersOf(row, links);
    if (partners.length === 0) sets.join(row.sopInstanceUid, `key:${keyOf(row, links, options)}`);
    for (const uid of partners) sets.join(row.sopInstanceUid, uid);
  }
  const groups = [...Map.groupBy(rows, (row) => sets.find(row.sopInstanceUid)).entries()];
  const joined = sets.sets();
  return groups.map(([root, members]) => {
    const keys = joined.get(root)!.flatMap((member) => (member.startsWith('key:') ? [member.slice(4)] : []));
    keys.sort(compareText);
    const ofKind = (kind: string) => members.filter((row) => row.kind === kind);
    return {
      keys,
      anchorUids: keys,
      plans: ofKind('plan'),
      doses: ofKind('dose'),
      structureSets: ofKind('structure_set'),
    };
  });
}

/** What an object joins its group through: a dose its plans or structure set, a plan its structure set. */
function partnersOf(row: IndexRow, links: Links): string[] {
  const uid = row.sopInstanceUid;
  if (row.kind === 'plan') return links.structureSetOfPlan.get(uid)!.uids;
  if (row.kind !== 'dose') return [];
  const plans = links.plansOfDose.get(uid)!.uids;
  return plans.length > 0 ? plans : links.structureSetOfDose.get(uid)!.uids;
}

function keyOf(row: IndexRow, links: Links, options: OrganizeOptions): string {
  const series = links.imageOfStructureSet.get(row.sopInstanceUid)?.series;
  const frame = series?.frameUid || row.structureSet?.frameOfReferenceUids[0] || row.frameOfReferenceUid;
  if (options.mergeCriteria === 'frame_of_reference' && frame) return frame;
  return series?.studyUid ?? row.studyInstanceUid;
}

interface Episode {
  start: string;
  plans: IndexRow[];
  doses: IndexRow[];
  structureSets: IndexRow[];
}

function splitByDays(group: Draft, links: Links, maxDays: number | undefined): Draft[] {
  if (maxDays === undefined || group.plans.length < 2) return [group];
  const parts: Episode[] = [];
  for (const unit of planUnits(group, links)) {
    const last = parts.at(-1);
    if (!last || daysBetween(last.start, unit.start) > maxDays) parts.push(unit);
    else {
      last.plans.push(...unit.plans);
      last.doses.push(...unit.doses);
    }
  }
  for (const dose of group.doses) {
    if (links.plansOfDose.get(dose.sopInstanceUid)!.uids.length === 0) partAt(parts, dateOf(dose)).doses.push(dose);
  }
  const ofSet = placesBy(parts, ({ plans }) =>
    plans.flatMap((plan) => links.structureSetOfPlan.get(plan.sopInstanceUid)!.uids),
  );
  for (const row of group.structureSets) {
    // A structure set joins every part with a plan of its own, otherwise the part of its date.
    const own = (ofSet.get(row.sopInstanceUid) ?? []).map((place) => parts[place]);
    for (const part of own.length > 0 ? own : [partAt(parts, dateOf(row))]) part.structureSets.push(row);
  }
  return parts.map((part, index) => ({
    keys: group.keys,
    anchorUids: index === 0 ? group.keys : [...group.keys, part.plans[0].sopInstanceUid],
    plans: part.plans,
    doses: part.doses,
    structureSets: part.structureSets,
  }));
}

/** Plans with their doses, by date; plans that share a dose are one unit; undated ones stand with the first. */
function planUnits(group: Draft, links: Links): Episode[] {
  const sets = new DisjointSets();
  for (const plan of group.plans) sets.find(plan.sopInstanceUid);
  for (const dose of group.doses) {
    const [first, ...others] = links.plansOfDose.get(dose.sopInstanceUid)!.uids;
    for (const uid of others) sets.join(first, uid);
  }
  const units = [...Map.groupBy(group.plans, (plan) => sets.find(plan.sopInstanceUid)).entries()];
  const dosesOf = Map.groupBy(group.doses, (dose) => {
    const [first] = links.plansOfDose.get(dose.sopInstanceUid)!.uids;
    return first === undefined ? undefined : sets.find(first);
  });
  const parts = units.map(([root, plans]) => ({
    start: earliest(plans.map((plan) => plan.plan!.date)),
    plans: plans.toSorted((a, b) => compareText(a.plan!.date, b.plan!.date)),
    doses: dosesOf.get(root) ?? [],
    structureSets: [],
  }));
  const first = earliest(parts.map((part) => part.start));
  return parts
    .map((part) => ({ ...part, start: part.start || first }))
    .sort((a, b) => compareText(a.start, b.start) || compareText(a.plans[0].sopInstanceUid, b.plans[0].sopInstanceUid));
}

function partAt(parts: Episode[], date: string): Episode {
  return parts.findLast((part) => date !== '' && part.start <= date) ?? parts[0];
}

function dateOf(row: IndexRow): string {
  return row.dose?.createdDate || row.structureSet?.date || row.seriesDate || row.studyDate;
}

function earliest(dates: string[]): string {
  return dates.filter(Boolean).sort(compareText)[0] ?? '';
}
