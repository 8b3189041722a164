/** The places in a list at which each text stands. */
export function placesBy<T>(list: readonly T[], textsOf: (one: T) => readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, one] of list.entries()) {
    for (const text of new Set(textsOf(one))) {
      const known = places.get(text);
      if (known) known.push(place);
      else places.set(text, [place]);
    }
  }
  return places;
}

/** The places of any of some texts, each once. */
export function placesIn(index: ReadonlyMap<string, number[]>, texts: readonly string[]): Set<number> {
  return new Set(texts.flatMap((text) => index.get(text) ?? []));
}
