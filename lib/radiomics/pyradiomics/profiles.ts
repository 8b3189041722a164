/** Parameter files that come with the product, in PyRadiomics' format; the reader of files lives elsewhere. */
export const PROFILE_FILES = {
  CT: new URL('./profiles/ct.yaml', import.meta.url),
  MR: new URL('./profiles/mr.yaml', import.meta.url),
  PET_FDG: new URL('./profiles/pet-fdg.yaml', import.meta.url),
  PET_PSMA: new URL('./profiles/pet-psma.yaml', import.meta.url),
} as const;

export type ProfileName = keyof typeof PROFILE_FILES;
