import type { Rgb } from './names/colors.ts';

/** CIE 1931 XYZ of sRGB under D65 (IEC 61966-2-1), rows X, Y, Z. */
const XYZ_OF_RGB = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE_D65 = [0.95047, 1, 1.08883];
/** PS3.3 C.10.7.1.1: L* from 0 to 100, a* and b* from -128 to 127, each over 0 to 65535. */
const FULL = 65535;

/** An sRGB colour (0 to 255) as RecommendedDisplayCIELabValue, PS3.3 C.10.7.1.1. */
export function dicomCielab(rgb: Rgb): [number, number, number] {
  const linear = rgb.map((value) => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  const [x, y, z] = XYZ_OF_RGB.map((row, axis) => {
    const t = (row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]) / WHITE_D65[axis];
    return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
  });
  const lightness = ((116 * y - 16) / 100) * FULL;
  const signed = (value: number) => ((value + 128) / 255) * FULL;
  return [lightness, signed(500 * (x - y)), signed(200 * (y - z))].map((value) =>
    Math.min(Math.max(Math.round(value), 0), FULL),
  ) as [number, number, number];
}
