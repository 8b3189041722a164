import { compareText } from './words.ts';

/** Union-find over texts; the representative of a set is its least member, whatever the order of joining. */
export class DisjointSets {
  readonly #parent = new Map<string, string>();

  /** Walks up and then shortens the way: a chain of any length takes no stack. */
  find(member: string): string {
    if (!this.#parent.has(member)) this.#parent.set(member, member);
    let root = member;
    for (let above = this.#parent.get(root)!; above !== root; above = this.#parent.get(root)!) root = above;
    for (let at = member; at !== root; ) {
      const above = this.#parent.get(at)!;
      this.#parent.set(at, root);
      at = above;
    }
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
