import { z } from 'zod';
import { BadInput } from '../../errors.ts';
import { connectedComponents } from '../../image/components.ts';
import { maskOfVolume } from '../../image/mask.ts';
import type { LabelMap } from '../label-map.ts';

/** What nnU-Net v2 found to help its predictions: of each set of values, taken together, the largest component stays. */
export type Postprocessing = Set<number>[];

const KEEP_LARGEST = 'remove_all_but_largest_component_from_segmentation';

const schema = z.object({
  postprocessing_fns: z.array(z.literal(KEEP_LARGEST)),
  postprocessing_kwargs: z.array(
    z.strictObject({
      labels_or_regions: z.union([z.int(), z.array(z.union([z.int(), z.array(z.int())]))]),
      background_label: z.literal(0).optional(),
    }),
  ),
});

/**
 * Reads the postprocessing.json of nnU-Net v2 (nnUNetv2_determine_postprocessing).
 * @throws BadInput for a step that nnU-Net 2.8 does not have, or steps without their settings
 */
export function readPostprocessing(json: unknown): Postprocessing {
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new BadInput(`the postprocessing cannot be used: ${z.prettifyError(parsed.error)}`);
  const { postprocessing_fns: steps, postprocessing_kwargs: settings } = parsed.data;
  if (steps.length !== settings.length) throw new BadInput('postprocessing needs one set of settings for each step');
  return settings.map(({ labels_or_regions: values }) => new Set([values].flat(2)));
}

/** The label map with only the largest component (26 neighbours) of each set; of several as large, all stay. */
export function postprocess({ volume, labels }: LabelMap, steps: Postprocessing): LabelMap {
  const { grid } = volume;
  const data = volume.data.slice();
  for (const values of steps) {
    const mask = maskOfVolume(
      grid,
      data.map((value) => (values.has(value) ? 1 : 0)),
    );
    const { labels: components, sizes } = connectedComponents(mask, 26);
    const kept = sizes.filter((size) => size === sizes[0]).length;
    const { start, size } = mask.box;
    for (let k = 0, at = 0; k < size[2]; k++) {
      for (let j = 0; j < size[1]; j++) {
        const row = start[0] + grid.size[0] * (start[1] + j + grid.size[1] * (start[2] + k));
        for (let i = 0; i < size[0]; i++, at++) if (components[at] > kept) data[row + i] = 0;
      }
    }
  }
  return { volume: { grid, data }, labels };
}
