import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { BadInput } from '#lib/errors.ts';
import type { ObjectStore } from '#lib/store/store.ts';
import { isProcessThere, type RunState, readRunState } from './monitor/run-state.ts';

/** A run writes its state every second, but while it reads a very large list. */
const WATCH_MS = 15_000;

/**
 * Two runs in one folder would take each other's files for their own. The state of a run is its lock: host, process,
 * start, and a heartbeat. One that ended without saying so is taken over, and `say` tells.
 * @param look waits so many milliseconds while the other run may give a sign
 * @throws BadInput when another run is at work in the folder
 */
export async function refuseSecondRun(
  store: ObjectStore,
  out: string,
  say: (message: string) => void,
  look: (ms: number) => Promise<unknown> = wait,
): Promise<void> {
  const state = await readRunState(store).catch(() => undefined);
  if (!state || state.ended || (state.pid === process.pid && state.host === hostname())) return;
  const who = `process ${state.pid} on ${state.host}, begun ${state.startedAt}`;
  if (await isBusy(store, state, who, say, look))
    throw new BadInput(`another run uses this output folder (${who}). Wait for its end, or choose another --out`, {
      where: out,
    });
  say(`An earlier run (${who}) was killed. This run continues where it stopped.`);
}

/** Where the process cannot be seen, on another host or in another container, the heartbeat tells. */
async function isBusy(
  store: ObjectStore,
  state: RunState,
  who: string,
  say: (message: string) => void,
  look: (ms: number) => Promise<unknown>,
): Promise<boolean> {
  const isThere = isProcessThere(state);
  if (isThere !== undefined) return isThere;
  say(`Another run (${who}) may be using this folder. Waiting ${WATCH_MS / 1000} s to see whether it is active.`);
  await look(WATCH_MS);
  const later = await readRunState(store).catch(() => undefined);
  return later !== undefined && !later.ended && later.updatedAt !== state.updatedAt;
}
