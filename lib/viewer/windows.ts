/** A grey scale: values from `centre` - `width` / 2 (black) to `centre` + `width` / 2 (white). */
export interface GreyWindow {
  centre: number;
  width: number;
}

export interface WindowPreset extends GreyWindow {
  name: string;
}

/** HU. The values that textbooks and consoles agree on (radiopaedia.org/articles/windowing-ct). */
const CT_PRESETS: WindowPreset[] = [
  { name: 'Soft tissue', centre: 50, width: 400 },
  { name: 'Lung', centre: -600, width: 1500 },
  { name: 'Bone', centre: 400, width: 1800 },
  { name: 'Brain', centre: 40, width: 80 },
  { name: 'Liver', centre: 60, width: 160 },
  { name: 'Whole range', centre: 1000, width: 4000 },
];

/** SUVbw. */
const SUV_PRESETS: WindowPreset[] = [
  { name: 'SUV 0 to 5', centre: 2.5, width: 5 },
  { name: 'SUV 0 to 10', centre: 5, width: 10 },
  { name: 'SUV 0 to 20', centre: 10, width: 20 },
];

/** Parts of the voxels that an automatic window leaves black and white. */
const DARKEST = 0.02;
const BRIGHTEST = 0.995;
const SAMPLES = 50_000;

/** The presets of an image, the first to begin with; what has no scale of its own is windowed by its own values. */
export function windowPresets(quantity: string, data: ArrayLike<number>): WindowPreset[] {
  if (quantity === 'HU') return CT_PRESETS;
  const own = [byValues(data, DARKEST, BRIGHTEST, 'Automatic'), byValues(data, 0, 1, 'Whole range')];
  return quantity === 'SUVbw' ? [...SUV_PRESETS, ...own] : own;
}

/** From a low to a high quantile of the voxels. */
function byValues(data: ArrayLike<number>, low: number, high: number, name: string): WindowPreset {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const sample = Float64Array.from({ length: Math.ceil(data.length / step) }, (_, n) => data[n * step])
    .filter(Number.isFinite)
    .sort();
  if (sample.length === 0) return { name, centre: 0, width: 1 };
  const at = (part: number) => sample[Math.round(part * (sample.length - 1))];
  const width = at(high) - at(low);
  return { name, centre: (at(high) + at(low)) / 2, width: width > 0 ? width : 1 };
}
