import type { Mask, Volume } from '../../image/grid.ts';
export function localBinaryPatterns3D(
  _image: Volume,
  _mask: Mask,
  _setting: object,
): { name: string; data: Float64Array }[] {
  return [];
}
