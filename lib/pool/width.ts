/** How many tasks of a pool may be under way, when that changes while they are. */
export interface Width {
  /** At the moment. */
  now(): number;
  /** Ends when there is more or less room than before. */
  changed(): Promise<void>;
  /** A list of tasks has so many under way and so many left, these among them. */
  use(active: number, left: number): void;
}

/** What a pool reports to the lender of its CPUs. */
export interface WidthUse {
  /** Workers that are busy, or may become so without asking. */
  holds: number;
  /** Workers that there is work for. */
  wants: number;
}

/** A width that stays as it is. */
export function fixedWidth(width: number): Width {
  const never = new Promise<void>(() => {});
  return { now: () => width, changed: () => never, use() {} };
}

/**
 * A width that whoever lends the CPUs sets. `onUse` hears when fewer are held than lent, because
 * there is no work for them or tasks that were one too many have ended, and when there is work for more.
 */
export function lentWidth(initial: number, onUse: (use: WidthUse) => void): Width & { set(lent: number): void } {
  let lent = initial;
  let active = 0;
  let wants = 1;
  let told: WidthUse = { holds: initial, wants: 1 };
  let turn = Promise.withResolvers<void>();

  const now = () => Math.max(1, Math.min(lent, wants));
  const tell = (always: boolean) => {
    const use = { holds: Math.max(now(), active), wants };
    if (!always && use.holds >= told.holds && use.wants <= told.wants) return;
    told = use;
    onUse(use);
  };
  return {
    now,
    changed: () => turn.promise,
    use(count, left) {
      active = count;
      wants = Math.max(1, left);
      tell(false);
    },
    set(count) {
      lent = count;
      turn.resolve();
      turn = Promise.withResolvers();
      tell(true);
    },
  };
}
