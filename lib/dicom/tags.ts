/** Keyword -> tag and VR (PS3.6) of every element that this product reads or writes. */
export const TAGS = {
  SOPInstanceUID: ['x00080018', 'UI'],
} as const satisfies Record<string, readonly [tag: string, vr: string]>;

export type Keyword = keyof typeof TAGS;
