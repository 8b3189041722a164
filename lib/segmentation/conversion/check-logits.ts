import { basename } from 'node:path';
import { BadInput } from '../../errors.ts';
import { openNetwork } from '../nnunet/onnx-network.ts';

/** Part of the largest logit that ONNX Runtime may differ by from PyTorch: both sum 32-bit numbers in their own order. */
const TOLERANCE = 1e-3;

/** What PyTorch answered to the sample window: every `step`-th logit. */
export interface KnownLogits {
  step: number;
  logits: number[];
}

/**
 * Asks a network for the sample window and compares its answer with PyTorch's.
 * @param input channels and axes of the window
 * @throws BadInput when the file is broken or answers otherwise
 */
export async function checkLogits(file: string, input: number[], { step, logits }: KnownLogits): Promise<void> {
  const network = await openNetwork(file, 'cpu', 1);
  try {
    const window = sampleWindow(input.reduce((product, count) => product * count, 1));
    const largest = logits.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    let seen = 0;
    let isSame = true;
    await network.ask(window, [1, ...input], ({ data }) => {
      const some = data as Float32Array;
      for (let i = Math.ceil(seen / step); i < logits.length && i * step < seen + some.length; i++)
        isSame &&= Math.abs(some[i * step - seen] - logits[i]) <= TOLERANCE * largest;
      seen += some.length;
    });
    if (isSame && seen >= (logits.length - 1) * step) return;
    throw new BadInput('the network gives other results than PyTorch', { where: basename(file) });
  } finally {
    await network.release();
  }
}

/** Numbers from -2 to 2 that follow from their place alone (Knuth's multiplicative hash), as the exporter makes them. */
function sampleWindow(length: number): Float32Array {
  const FACTOR = 2_654_435_761;
  return Float32Array.from({ length }, (_, place) => (Math.imul(place, FACTOR) >>> 0) / 2 ** 30 - 2);
}
