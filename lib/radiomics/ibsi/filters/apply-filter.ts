import { BadConfig } from '../../../errors.ts';
import type { Box, Volume } from '../../../image/grid.ts';
import type { Block } from './block.ts';
import { filterContext } from './context.ts';
import { axesNamed, type FilterSettings } from './filter-settings.ts';
import { gaborFilter } from './gabor.ts';
import { isotropicWavelet } from './isotropic-wavelet.ts';
import { laplacianOfGaussian } from './laplacian-of-gaussian.ts';
import { lawsFilter } from './laws.ts';
import { meanFilter } from './mean.ts';
import { rieszOfLog } from './riesz.ts';
import { separableWavelet } from './separable-wavelet.ts';

/**
 * The response of an IBSI 2 filter (arXiv:2006.05470) to the whole image, computed only inside `box`.
 * `flat`: every slice (i, j) on its own, else in space. Throws BadConfig when the filter names another number of axes.
 */
export function applyFilter(volume: Volume, filter: FilterSettings, flat: boolean, box: Box): Block {
  const named = axesNamed(filter);
  if (named !== undefined && named !== (flat ? 2 : 3)) {
    throw new BadConfig(
      `the ${filter.type} filter names ${named} axes, but works ${flat ? 'slice by slice' : 'in 3D'}`,
    );
  }
  const context = filterContext(volume, flat);
  switch (filter.type) {
    case 'mean':
      return meanFilter(filter, context, box);
    case 'log':
      return laplacianOfGaussian(filter, context, box);
    case 'laws':
      return lawsFilter(filter, context, box);
    case 'gabor':
      return gaborFilter(filter, context, box);
    case 'wavelet':
      return separableWavelet(filter, context, box);
    case 'isotropic-wavelet':
      return isotropicWavelet(filter, context, box);
    case 'riesz-log':
      return rieszOfLog(filter, context, box);
  }
}
