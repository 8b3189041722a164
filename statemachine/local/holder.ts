/** A job under way, as the balance sees it. */
export interface Holder {
  /** CPUs that are counted as its own. */
  cpus: number;
  /** The CPUs it may use now; below `cpus` until it has given up the others. */
  target: number;
  /** What it could make use of. */
  wants: number;
  most: number;
  resize?: (cpus: number) => void;
}
