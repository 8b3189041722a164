import { z } from 'zod';
import { LARGEST_DISTANCE } from '../kernels/kernels.ts';
import { axesNamed, filterSettings } from './filters/filter-settings.ts';
import { INTERPOLATORS } from './interpolate.ts';

const positive = z.number().positive();
const spacing = z.union([positive, z.tuple([positive.nullable(), positive.nullable(), positive.nullable()])]);

const discretisation = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({ method: z.literal('fbs'), width: positive }),
  z.strictObject({ method: z.literal('fbn'), bins: z.int().min(2) }),
]);

export const FAMILIES = [
  'morphology',
  'local_intensity',
  'statistics',
  'intensity_histogram',
  'intensity_volume_histogram',
  'glcm',
  'glrlm',
  'glszm',
  'gldzm',
  'ngtdm',
  'ngldm',
] as const;
export type Family = (typeof FAMILIES)[number];

/** Codes of IBSI for how matrices of directions and slices are joined; `ibsi1-configs` section 4 and the manual, 3.6.1. */
export const AGGREGATIONS = [
  '2D_avg',
  '2D_s_mrg',
  '2.5D_d_mrg',
  '2.5D_v_mrg',
  '3D_avg',
  '3D_mrg',
  '2D',
  '2.5D',
  '3D',
] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** Kinds of intensity units that IBSI tells apart for the intensity-volume histogram (chapter 3.5). */
export const INTENSITY_UNITS = ['HU', 'SUV', 'arbitrary'] as const;
export type IntensityUnit = (typeof INTENSITY_UNITS)[number];

const interpolation = z.strictObject({
  /** mm; one number, or one per axis with null to keep that axis. Slice by slice, the slice distance is always kept. */
  spacingMm: spacing,
  image: z.enum(INTERPOLATORS).default('cubic'),
  mask: z.enum(['nearest', 'linear']).default('linear'),
  maskThreshold: z.number().gt(0).lte(1).default(0.5),
  /** To the nearest whole number, as for CT. */
  roundIntensities: z.boolean().default(true),
});

const resegmentation = z.strictObject({
  /** Inclusive; null leaves that side open. */
  range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
  /** Mean +- this many standard deviations of the region before any re-segmentation. */
  outlierSigma: positive.optional(),
});

/** A filter with the name that its columns get. */
const namedFilter = z.strictObject({ name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/i), filter: filterSettings });

/** IBSI mode: image processing, families and filters. Plain data: it can be posted to a thread. */
export const ibsiSettings = z
  .strictObject({
    /** Slice by slice, or in space: decides interpolation, filters and the texture families' default aggregations. */
    approach: z.enum(['2D', '3D']).default('3D'),
    interpolation: interpolation.optional(),
    resegmentation: resegmentation.prefault({}),
    /** For the intensity histogram and the texture families. */
    discretisation: discretisation.prefault({ method: 'fbn', bins: 32 }),
    /** For the intensity-volume histogram: `none` takes steps of one; absent: by the unit, see `ivhDiscretisationOf`. */
    ivhDiscretisation: discretisation.optional(),
    /** What the intensities count; absent: as the image says, else arbitrary. */
    intensityUnit: z.enum(INTENSITY_UNITS).optional(),
    families: z.array(z.enum(FAMILIES)).default([...FAMILIES]),
    aggregations: z.array(z.enum(AGGREGATIONS)).optional(),
    /** Chebyshev distance of neighbours in GLCM, NGTDM and NGLDM, voxels. */
    distance: z.int().positive().max(LARGEST_DISTANCE).default(1),
    /** Largest level difference of dependent neighbours in the NGLDM. */
    dependenceAlpha: z.int().nonnegative().default(0),
    filters: z.array(namedFilter).default([]),
    /** Families of the filtered images; shape and local peaks are the unfiltered image's alone. */
    filteredFamilies: z.array(z.enum(FAMILIES).exclude(['morphology', 'local_intensity'])).default(['statistics']),
    /** Features of the unfiltered image too. */
    unfiltered: z.boolean().default(true),
  })
  .superRefine(({ approach, filters }, context) => {
    filters.forEach(({ name, filter }, n) => {
      const named = axesNamed(filter);
      if (named === undefined || `${named}D` === approach) return;
      const message = `filter ${name} names ${named} axes, but the approach is ${approach}`;
      context.addIssue({ code: 'custom', path: ['filters', n, 'filter'], message });
    });
  });
export type IbsiSettings = z.infer<typeof ibsiSettings>;
export type IbsiSettingsInput = z.input<typeof ibsiSettings>;
