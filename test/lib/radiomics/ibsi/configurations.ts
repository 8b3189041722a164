import type { IbsiSettingsInput } from '#lib/radiomics/ibsi/settings.ts';

const linear2mm = { spacingMm: 2, image: 'linear' } as const;
const fbs25 = { method: 'fbs', width: 25 } as const;
const fbn32 = { method: 'fbn', bins: 32 } as const;
const none = { method: 'none' } as const;

/** Settings of IBSI chapter 1: the digital phantom, and the CT phantom's configurations A to E (chapter 5.2). */
export const IBSI1: Record<string, IbsiSettingsInput> = {
  digital_phantom: {
    discretisation: none,
    ivhDiscretisation: none,
    aggregations: ['2D_avg', '2D_s_mrg', '2.5D_d_mrg', '2.5D_v_mrg', '3D_avg', '3D_mrg', '2D', '2.5D', '3D'],
  },
  A: { approach: '2D', resegmentation: { range: [-500, 400] }, discretisation: fbs25, intensityUnit: 'HU' },
  B: {
    approach: '2D',
    interpolation: linear2mm,
    resegmentation: { range: [-500, 400] },
    discretisation: fbn32,
    intensityUnit: 'HU',
  },
  C: {
    interpolation: linear2mm,
    resegmentation: { range: [-1000, 400] },
    discretisation: fbs25,
    ivhDiscretisation: { method: 'fbs', width: 2.5 },
  },
  D: { interpolation: linear2mm, resegmentation: { outlierSigma: 3 }, discretisation: fbn32, intensityUnit: 'HU' },
  E: {
    interpolation: { spacingMm: 2, image: 'cubic' },
    resegmentation: { range: [-1000, 400], outlierSigma: 3 },
    discretisation: fbn32,
    ivhDiscretisation: { method: 'fbn', bins: 1000 },
  },
};

/** Settings of IBSI chapter 2, phase 2: A slice by slice, B in space. The filters' names are the numbers of the table. */
export const IBSI2: Record<'A' | 'B', IbsiSettingsInput> = {
  A: {
    approach: '2D',
    resegmentation: { range: [-1000, 400] },
    families: ['statistics'],
    filters: phase2Filters('A', 'L5E5', 'LH', 'HH'),
  },
  B: {
    approach: '3D',
    interpolation: { spacingMm: 1, image: 'cubic' },
    resegmentation: { range: [-1000, 400] },
    families: ['statistics'],
    filters: phase2Filters('B', 'L5E5E5', 'LLH', 'HHH'),
  },
};

function phase2Filters(
  letter: 'A' | 'B',
  kernels: string,
  level1: string,
  level2: string,
): IbsiSettingsInput['filters'] {
  const wavelet = { type: 'wavelet', family: 'db3', rotations: 'average' } as const;
  const gabor = { type: 'gabor', sigmaMm: 5, wavelengthMm: 2, gamma: 1.5, thetaStep: Math.PI / 8 } as const;
  return [
    { name: `2.${letter}`, filter: { type: 'mean', support: 5 } },
    { name: `3.${letter}`, filter: { type: 'log', sigmaMm: 1.5 } },
    { name: `4.${letter}`, filter: { type: 'laws', kernels, rotations: 'max', energyDelta: 7 } },
    { name: `5.${letter}`, filter: { ...gabor, orthogonalPlanes: letter === 'B' } },
    { name: `6.${letter}`, filter: { ...wavelet, bands: level1 } },
    { name: `7.${letter}`, filter: { ...wavelet, bands: level2, level: 2 } },
    { name: `8.${letter}`, filter: { type: 'isotropic-wavelet', family: 'simoncelli', level: 1 } },
    { name: `9.${letter}`, filter: { type: 'isotropic-wavelet', family: 'simoncelli', level: 2 } },
  ];
}
