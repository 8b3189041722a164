import type { Group } from '#lib/pool/process-group.ts';
import type { TreeWatch } from '#lib/pool/process-tree.ts';

/** A process that has done its job and waits for another. */
export interface KeptProcess {
  group: Group;
  watch: TreeWatch;
}

/**
 * Processes between two jobs. Loading and compiling the code takes longer than many a job does, so that a process that
 * did well is given the next one. It waits a while, without a lease, and then ends.
 */
export interface KeptProcesses {
  /** One that was started alike, the last that came. */
  take(kind: string): KeptProcess | undefined;
  keep(kind: string, process: KeptProcess): void;
  /** Ends those that wait, and all that come later. */
  close(): void;
}

interface Waiting extends KeptProcess {
  kind: string;
  timer: NodeJS.Timeout;
}

const WAIT_MS = 5000;

export function keptProcesses(most: number): KeptProcesses {
  const waiting: Waiting[] = [];
  let closed = false;
  const take = (found: Waiting): KeptProcess => {
    waiting.splice(waiting.indexOf(found), 1);
    clearTimeout(found.timer);
    return found;
  };
  return {
    take(kind) {
      for (const one of [...waiting].reverse()) {
        if (!one.group.isAlive()) endKept(take(one));
        else if (one.kind === kind) return take(one);
      }
      return undefined;
    },
    keep(kind, process) {
      if (closed || waiting.length >= most) return endKept(process);
      const timer = setTimeout(() => endKept(take(one)), WAIT_MS);
      const one: Waiting = { ...process, kind, timer };
      one.watch.begin(Number.POSITIVE_INFINITY, () => {});
      waiting.push(one);
    },
    close() {
      closed = true;
      for (const one of [...waiting]) endKept(take(one));
    },
  };
}

export function endKept({ group, watch }: KeptProcess): void {
  watch.kill();
  watch.stop();
  group.end();
}
