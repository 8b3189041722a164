import { BadInput } from '../errors.ts';
import type { DataSet } from './data-set.ts';

/** More frames than scanners and planning systems write into an object. */
export const MOST_FRAMES = 200_000;

/**
 * NumberOfFrames, 1 when it is absent. Lists are made of that length, so it is bounded before anything is allocated.
 * @throws BadInput when it is no whole number from 1 to `MOST_FRAMES`
 */
export function frameCount(dataSet: DataSet): number {
  const frames = dataSet.number('NumberOfFrames') ?? 1;
  if (Number.isInteger(frames) && frames >= 1 && frames <= MOST_FRAMES) return frames;
  const message = `NumberOfFrames is ${frames}: a whole number from 1 to ${MOST_FRAMES} is expected`;
  throw new BadInput(message, { where: dataSet.text('SOPInstanceUID') });
}
