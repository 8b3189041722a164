export type MrWeighting = 'T1' | 'T2' | 'unknown';

/** Weighting by the words of SeriesDescription, ProtocolName and SequenceName, then of ImageType; FLAIR counts as T2. */
export function mrWeighting(names: readonly string[], imageType: readonly string[] = []): MrWeighting {
  return weightingOf(names.join(' ')) ?? weightingOf(imageType.join(' ')) ?? 'unknown';
}

function weightingOf(text: string): MrWeighting | undefined {
  const words = text.toLowerCase();
  if (words.includes('t2') || words.includes('flair')) return 'T2';
  return words.includes('t1') ? 'T1' : undefined;
}
