import { joinFrames } from '../rt/join-frames.ts';
import type { Registration } from '../rt/registration.ts';
import type { Draft } from './grouping.ts';

/**
 * Structure sets without plan or dose, such as those drawn on an MR study, join the courses to whose plans or doses a
 * rigid registration takes their frame of reference. Where none does they stay a course of their own.
 */
export function joinRegisteredSets(drafts: Draft[], registrations: Registration[]): Draft[] {
  if (registrations.length === 0) return drafts;
  const treated = drafts.filter((draft) => draft.plans.length + draft.doses.length > 0);
  const hostsOf = new Map(
    drafts
      .filter((draft) => !treated.includes(draft))
      .map((draft) => [draft, treated.filter((host) => isJoined(draft, host, registrations))]),
  );
  return drafts
    .filter((draft) => (hostsOf.get(draft) ?? []).length === 0)
    .map((draft) => {
      const guests = [...hostsOf]
        .filter(([, hosts]) => hosts.includes(draft))
        .flatMap(([guest]) => guest.structureSets);
      return guests.length === 0 ? draft : { ...draft, structureSets: [...draft.structureSets, ...guests] };
    });
}

function isJoined(guest: Draft, host: Draft, registrations: Registration[]): boolean {
  const own = guest.structureSets.flatMap((row) => row.structureSet!.frameOfReferenceUids);
  const there = [
    ...host.structureSets.flatMap((row) => row.structureSet!.frameOfReferenceUids),
    ...[...host.plans, ...host.doses].map((row) => row.frameOfReferenceUid),
  ].filter(Boolean);
  return own.some((from) => there.some((to) => from !== to && joinFrames(registrations, from, to).matrix));
}
