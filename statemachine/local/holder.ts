/** A job under way, as the balance sees it. */
export interface Holder {
  /** CPUs that are counted as its own. */
  cpus: number;
  /** What it was told last to use; below `cpus` until it has let go of the others. */
  target: number;
  /** What it could make use of. */
  wants: number;
  most: number;
  resize?: (cpus: number) => void;
}
