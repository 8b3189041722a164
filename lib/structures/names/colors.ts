import { ownKeys } from '../../own-keys.ts';
import { targetKind } from '../../rt/target.ts';

export type Rgb = [red: number, green: number, blue: number];

/** By kind of target, or RTROIInterpretedType, as most planning systems draw them. */
const BY_KIND: Readonly<Record<string, Rgb>> = ownKeys({
  GTV: [255, 0, 255],
  CTV: [0, 255, 255],
  ITV: [255, 165, 0],
  PTV: [255, 0, 0],
  EXTERNAL: [0, 255, 0],
});

/** By TG-263 name without its side. */
const BY_NAME: Readonly<Record<string, Rgb>> = ownKeys({
  A_Aorta: [216, 108, 54],
  Bladder: [255, 255, 0],
  Bowel_Large: [150, 40, 170],
  Bowel_Small: [160, 60, 180],
  Brain: [216, 54, 149],
  Brainstem: [90, 200, 120],
  Colon: [150, 40, 170],
  Colon_Sigmoid: [190, 120, 60],
  Duodenum: [170, 80, 190],
  Esophagus: [190, 90, 170],
  Eye: [0, 150, 255],
  Femur: [248, 212, 62],
  Femur_Head: [120, 190, 255],
  Heart: [180, 0, 40],
  Kidney: [46, 138, 184],
  Lens: [200, 200, 255],
  Liver: [40, 140, 40],
  Lung: [34, 195, 207],
  OpticChiasm: [255, 140, 140],
  OpticNrv: [255, 190, 90],
  Pancreas: [60, 150, 80],
  Parotid: [130, 90, 255],
  Prostate: [91, 253, 156],
  Rectum: [165, 82, 42],
  Sacrum: [100, 216, 54],
  SpinalCord: [255, 215, 0],
  Spleen: [50, 170, 60],
  Stomach: [180, 70, 160],
  Trachea: [0, 180, 200],
});

/** For everything else, far apart on the colour circle. */
const PALETTE: readonly Rgb[] = [
  [230, 25, 75],
  [60, 180, 75],
  [0, 130, 200],
  [245, 130, 48],
  [145, 30, 180],
  [70, 240, 240],
  [240, 50, 230],
  [210, 245, 60],
  [250, 190, 212],
  [0, 128, 128],
  [220, 190, 255],
  [170, 110, 40],
];

/** The colour of a structure, always the same for one name: by type for targets, by organ, else from a palette. */
export function standardColor(name: string, interpretedType = ''): Rgb {
  const byKind = BY_KIND[targetKind({ name, interpretedType }) ?? interpretedType];
  if (byKind) return byKind;
  const base = name.replace(/_([LR])$/, '');
  return BY_NAME[base] ?? BY_NAME[base.replace(/s$/, '')] ?? PALETTE[sumOfCodes(name) % PALETTE.length];
}

function sumOfCodes(name: string): number {
  return [...name].reduce((sum, letter, place) => (sum * 31 + letter.charCodeAt(0) + place) % 9973, 0);
}
