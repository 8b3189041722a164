import { readFileSync } from 'node:fs';
import { boxOf } from '#lib/image/box.ts';
import { applyFilter } from '#lib/radiomics/ibsi/filters/apply-filter.ts';
import { type FilterInput, filterSettings } from '#lib/radiomics/ibsi/filters/filter-settings.ts';
import { PHANTOMS } from './phantoms.ts';

export interface MapCase {
  phantom: keyof typeof PHANTOMS;
  filter: FilterInput;
  flat?: boolean;
  /**
   * Largest difference over the range of the map, somewhat above what was found when the conventions were settled; IBSI
   * allows 1 %.
   */
  share: number;
}

/** IBSI 2 table 6.1: phase 1. The maps without consensus (9.b.2, 10.a, 10.b.2) are not published. */
export const RESPONSE_MAPS: Record<string, MapCase> = {
  '1.a.1': { phantom: 'checkerboard', filter: { type: 'mean', support: 15, boundary: 'zero' }, share: 1e-6 },
  '1.a.2': { phantom: 'checkerboard', filter: { type: 'mean', support: 15, boundary: 'nearest' }, share: 1e-6 },
  '1.a.3': { phantom: 'checkerboard', filter: { type: 'mean', support: 15, boundary: 'periodic' }, share: 1e-4 },
  '1.a.4': { phantom: 'checkerboard', filter: { type: 'mean', support: 15, boundary: 'mirror' }, share: 1e-6 },
  '1.b.1': { phantom: 'impulse', filter: { type: 'mean', support: 15, boundary: 'zero' }, flat: true, share: 1e-6 },
  '2.a': { phantom: 'impulse', filter: { type: 'log', sigmaMm: 3, boundary: 'zero' }, share: 3e-5 },
  '2.b': { phantom: 'checkerboard', filter: { type: 'log', sigmaMm: 5 }, share: 7e-4 },
  '2.c': { phantom: 'checkerboard', filter: { type: 'log', sigmaMm: 5 }, flat: true, share: 5e-4 },
  '3.a.1': { phantom: 'impulse', filter: { type: 'laws', kernels: 'E5L5S5', boundary: 'zero' }, share: 1e-6 },
  '3.a.2': { phantom: 'impulse', filter: laws('E5L5S5', 'zero'), share: 1e-6 },
  '3.a.3': { phantom: 'impulse', filter: { ...laws('E5L5S5', 'zero'), energyDelta: 7 }, share: 1e-6 },
  '3.b.1': { phantom: 'checkerboard', filter: { type: 'laws', kernels: 'E3W5R5' }, share: 1e-6 },
  '3.b.2': { phantom: 'checkerboard', filter: laws('E3W5R5'), share: 1e-6 },
  '3.b.3': { phantom: 'checkerboard', filter: { ...laws('E3W5R5'), energyDelta: 7 }, share: 1e-6 },
  '3.c.1': { phantom: 'checkerboard', filter: { type: 'laws', kernels: 'L5S5' }, flat: true, share: 1e-6 },
  '3.c.2': { phantom: 'checkerboard', filter: laws('L5S5'), flat: true, share: 1e-6 },
  '3.c.3': { phantom: 'checkerboard', filter: { ...laws('L5S5'), energyDelta: 7 }, flat: true, share: 1e-6 },
  '4.a.1': { phantom: 'impulse', filter: { ...gabor(10, 4, 0.5), theta: Math.PI / 3, boundary: 'zero' }, share: 1e-6 },
  '4.a.2': {
    phantom: 'impulse',
    filter: { ...turning(gabor(10, 4, 0.5), Math.PI / 4), boundary: 'zero' },
    share: 1e-6,
  },
  '4.b.1': { phantom: 'sphere', filter: { ...gabor(20, 8, 2.5), theta: (5 * Math.PI) / 4 }, share: 3e-4 },
  '4.b.2': { phantom: 'sphere', filter: turning(gabor(20, 8, 2.5), Math.PI / 8), share: 2e-3 },
  '5.a.1': {
    phantom: 'impulse',
    filter: { type: 'wavelet', family: 'db2', bands: 'LHL', boundary: 'zero' },
    share: 1e-6,
  },
  '5.a.2': { phantom: 'impulse', filter: { ...turned('db2', 'LHL'), boundary: 'zero' }, share: 1e-6 },
  '6.a.1': {
    phantom: 'sphere',
    filter: { type: 'wavelet', family: 'coif1', bands: 'HHL', boundary: 'periodic' },
    share: 1e-6,
  },
  '6.a.2': { phantom: 'sphere', filter: { ...turned('coif1', 'HHL'), boundary: 'periodic' }, share: 1e-6 },
  '7.a.1': { phantom: 'checkerboard', filter: { ...turned('haar', 'LLL'), level: 2 }, share: 1e-6 },
  '7.a.2': { phantom: 'checkerboard', filter: { ...turned('haar', 'HHH'), level: 2 }, share: 1e-6 },
  '8.a.1': { phantom: 'checkerboard', filter: simoncelli(1), share: 8e-3 },
  '8.a.2': { phantom: 'checkerboard', filter: simoncelli(2), share: 1e-6 },
  '8.a.3': { phantom: 'checkerboard', filter: simoncelli(3), share: 1e-6 },
  '9.a': {
    phantom: 'impulse',
    filter: { type: 'riesz-log', sigmaMm: 3, riesz: [1, 0, 0], boundary: 'zero' },
    share: 1e-3,
  },
  '9.b.1': {
    phantom: 'sphere',
    filter: { type: 'riesz-log', sigmaMm: 3, riesz: [0, 2, 0], boundary: 'zero' },
    share: 7e-3,
  },
  '10.b.1': { phantom: 'pattern1', filter: { ...simoncelli(1), riesz: [0, 2, 0] }, share: 1e-2 },
};

function laws(kernels: string, boundary: 'zero' | 'mirror' = 'mirror') {
  return { type: 'laws', kernels, rotations: 'max', boundary } as const;
}

function gabor(sigmaMm: number, wavelengthMm: number, gamma: number) {
  return { type: 'gabor', sigmaMm, wavelengthMm, gamma } as const;
}

function turning<T>(filter: T, thetaStep: number) {
  return { ...filter, thetaStep, orthogonalPlanes: true };
}

function turned(family: string, bands: string) {
  return { type: 'wavelet', family, bands, rotations: 'average' } as const;
}

function simoncelli(level: number) {
  return { type: 'isotropic-wavelet', family: 'simoncelli', level } as const;
}

/** Largest difference of the response from the published samples of a map, as a share of the map's range, and where. */
export function compareResponseMap(id: string): { share: number; at: string } {
  const { phantom, filter, flat = false } = RESPONSE_MAPS[id];
  const volume = PHANTOMS[phantom];
  const { data } = applyFilter(volume, filterSettings.parse(filter), flat, boxOf(volume.grid));
  const samples = publishedSamples().get(id)!;
  const values = samples.map(({ value }) => value);
  const range = Math.max(...values) - Math.min(...values);
  let worst = { share: -1, at: '' };
  for (const { index, value } of samples) {
    const share = Math.abs(data[index] - value) / range;
    if (!(share <= worst.share)) worst = { share, at: `voxel ${index}: ${data[index]} instead of ${value}` };
  }
  return worst;
}

interface Sample {
  index: number;
  value: number;
}

/** Samples by map; minimum and maximum of the map are among them. */
export function publishedSamples(): Map<string, Sample[]> {
  const text = readFileSync(new URL('../../../../reference/ibsi2-response-maps.csv', import.meta.url), 'utf8');
  const found = new Map<string, Sample[]>();
  for (const line of text.trim().split('\n')) {
    const [map, index, value] = line.split(',');
    if (line.startsWith('#') || map === 'map') continue;
    found.set(map, [...(found.get(map) ?? []), { index: Number(index), value: Number(value) }]);
  }
  return found;
}
