import { framesOf as framesOfRegistration, joinFrames } from '../rt/join-frames.ts';
import type { Registration } from '../rt/registration.ts';
import { DisjointSets } from './disjoint-sets.ts';
import type { Draft } from './grouping.ts';
import { framesOf } from './place-images.ts';
import { placesBy } from './places.ts';

/**
 * Structure sets without plan or dose, such as those drawn on an MR study, join the courses to whose plans or doses a
 * rigid registration takes their frame of reference. Where none does they stay a course of their own. Hosts are looked up:
 * exports in which all patients are called ANON are one patient with thousands of each.
 */
export function joinRegisteredSets(drafts: Draft[], registrations: Registration[]): Draft[] {
  if (registrations.length === 0) return drafts;
  const hostsOf = hostFinder(drafts, registrations);
  const guestsOf = new Map<Draft, Draft[]>();
  const joined = new Set<Draft>();
  for (const guest of drafts.filter((draft) => !isTreated(draft)))
    for (const host of hostsOf(guest)) {
      joined.add(guest);
      guestsOf.set(host, [...(guestsOf.get(host) ?? []), guest]);
    }
  return drafts
    .filter((draft) => !joined.has(draft))
    .map((draft) => {
      const guests = (guestsOf.get(draft) ?? []).flatMap(({ structureSets }) => structureSets);
      return guests.length === 0 ? draft : { ...draft, structureSets: [...draft.structureSets, ...guests] };
    });
}

function isTreated({ plans, doses }: Draft): boolean {
  return plans.length + doses.length > 0;
}

/** Finds the courses in a frame to which registrations take a frame of the guest. Only frames that are linked are compared. */
function hostFinder(drafts: Draft[], registrations: Registration[]): (guest: Draft) => Set<Draft> {
  const linked = new DisjointSets();
  for (const registration of registrations) {
    const frames = framesOfRegistration(registration);
    for (const frame of frames) linked.join(frames[0], frame);
  }
  const framesLinked = linked.sets();
  const speaking = Map.groupBy(registrations, (registration) =>
    linked.find(framesOfRegistration(registration)[0] ?? ''),
  );
  const ofFrame = placesBy(drafts, (draft) => (isTreated(draft) ? [...framesOf(draft)] : []));
  return (guest) => {
    const hosts = new Set<Draft>();
    for (const from of framesOf(guest)) {
      const root = linked.find(from);
      const others = (framesLinked.get(root) ?? []).filter((to) => to !== from && ofFrame.has(to));
      const joined = others.filter((to) => joinFrames(speaking.get(root) ?? [], from, to).matrix);
      for (const place of joined.flatMap((to) => ofFrame.get(to) ?? [])) hosts.add(drafts[place]);
    }
    return hosts;
  };
}
