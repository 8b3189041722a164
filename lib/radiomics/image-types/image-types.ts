import type { Finding } from '../../finding.ts';
import { finding } from '../../finding.ts';
import type { Mask, Volume } from '../../image/grid.ts';
import type { ImageType, Settings } from '../settings.ts';
import { gradientMagnitude } from './gradient.ts';
import { mapIntensities } from './intensity.ts';
import { laplacianOfGaussian, tooSmallForLog } from './laplacian-of-gaussian.ts';
import { localBinaryPattern2D } from './lbp-2d.ts';
import { localBinaryPatterns3D } from './lbp-3d.ts';
import { waveletBands } from './wavelet.ts';

/** An image that features are computed on, and the prefix of their names. */
export interface NamedImage {
  name: string;
  image: Volume;
}

/**
 * The images of an image type, one at a time, in PyRadiomics' order and with its names; types of numbers as there, since
 * they decide how bins are rounded. The mask matters to LBP3D alone. An image that cannot be made becomes a finding.
 */
export function* imagesOf(
  type: ImageType,
  image: Volume,
  mask: Mask,
  setting: Settings,
  findings: Finding[],
): Generator<NamedImage> {
  const named = (name: string, data: Volume['data']) => ({ name, image: { grid: image.grid, data } });
  switch (type) {
    case 'Original':
      yield { name: 'original', image };
      return;
    case 'LoG':
      for (const { mm, name } of setting.sigma) {
        const problem = tooSmallForLog(image.grid.size, image.grid.spacingMm, mm);
        if (problem === undefined) yield named(`log-sigma-${name}-mm-3D`, laplacianOfGaussian(image, mm));
        else
          findings.push(
            finding('error', 'LOG_IMAGE_TOO_SMALL', `log-sigma-${name}-mm-3D`, `no LoG features: ${problem}`),
          );
      }
      return;
    case 'Wavelet': {
      const axes = [0, 1, 2].filter((axis) => !setting.force2D || axis !== 2 - setting.force2Ddimension);
      const options = { wavelet: setting.wavelet, level: setting.level, startLevel: setting.start_level, axes };
      for (const band of waveletBands(image.data, image.grid.size, options)) {
        yield named(`wavelet${band.level > 1 ? band.level : ''}-${band.letters}`, band.data);
      }
      return;
    }
    case 'Gradient':
      yield named('gradient', gradientMagnitude(image, setting.gradientUseSpacing));
      return;
    case 'LBP2D':
      yield named('lbp-2D', localBinaryPattern2D(image, setting));
      return;
    case 'LBP3D':
      for (const { name, data } of localBinaryPatterns3D(image, mask, setting)) yield named(name, data);
      return;
    default:
      yield named(type.toLowerCase(), mapIntensities(image.data, type));
  }
}
