import { ownKeys } from '../own-keys.ts';
/** What an instance is to the clinic; `other` has no place in a course. */
export type ObjectKind =
  | 'image'
  | 'plan'
  | 'dose'
  | 'structure_set'
  | 'record'
  | 'registration'
  | 'segmentation'
  | 'other';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

/** SOP classes of PS3.4 B.5, without the common root. */
const KIND_OF_CLASS: Record<string, ObjectKind> = ownKeys({
  '2': 'image',
  '2.1': 'image',
  '2.2': 'image',
  '4': 'image',
  '4.1': 'image',
  '4.3': 'image',
  '4.4': 'image',
  '128': 'image',
  '128.1': 'image',
  '130': 'image',
  '481.2': 'dose',
  '481.3': 'structure_set',
  '481.4': 'record',
  '481.5': 'plan',
  '481.6': 'record',
  '481.7': 'record',
  '481.8': 'plan',
  '481.9': 'record',
  '66.1': 'registration',
  '66.3': 'registration',
  '66.4': 'segmentation',
  '66.7': 'segmentation',
});

const KIND_OF_MODALITY: Record<string, ObjectKind> = ownKeys({
  CT: 'image',
  MR: 'image',
  PT: 'image',
  RTPLAN: 'plan',
  RTDOSE: 'dose',
  RTSTRUCT: 'structure_set',
  RTRECORD: 'record',
  REG: 'registration',
  SEG: 'segmentation',
});

/** Standard storage classes that carry a modality of the table above but not its object: 7 is secondary capture. */
const OTHER_CLASSES = ['7', '7.1', '7.2', '7.3', '7.4', '4.2', '66', '66.2', '66.5', '11.1', '88.67', '104.1'];

/** The kind by SOP class; private and unknown classes (as of some planning systems) by Modality. */
export function objectKind(sopClassUid: string, modality: string): ObjectKind {
  const suffix = sopClassUid.startsWith(STORAGE) ? sopClassUid.slice(STORAGE.length) : undefined;
  if (suffix !== undefined && Object.hasOwn(KIND_OF_CLASS, suffix)) return KIND_OF_CLASS[suffix];
  if (suffix !== undefined && OTHER_CLASSES.includes(suffix)) return 'other';
  return KIND_OF_MODALITY[modality] ?? 'other';
}
