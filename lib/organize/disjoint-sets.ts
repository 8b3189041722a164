import { compareText } from './words.ts';

/** Union-find over texts; the representative of a set is its least member, whatever the order of joining. */
export class DisjointSets {
  readonly #parent = new Map<string, string>();

  find(member: string): string {
    const parent = this.#parent.get(member);
    if (parent === undefined) this.#parent.set(member, member);
    if (parent === undefined || parent === member) return member;
    const root = this.find(parent);
    this.#parent.set(member, root);
    return root;
  }

  join(a: string, b: string): void {
    const [low, high] = [this.find(a), this.find(b)].sort(compareText);
    this.#parent.set(high, low);
  }

  /** The members of every set, by its representative. */
  sets(): Map<string, string[]> {
    return Map.groupBy(this.#parent.keys(), (member) => this.find(member));
  }
}
