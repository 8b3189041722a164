import { Decoder } from 'jpeg-lossless-decoder-js';
import { BadInput, UnsupportedTransferSyntax } from '../errors.ts';

/** The lossless JPEG decoder (ITU-T T.81 annex H) with its silent failures turned into values or errors. */
export class LosslessJpegDecoder extends Decoder {
  /** @throws BadInput when the code stream is broken or cut off, or shifts its values */
  decodeFrame(frame: Uint8Array): Uint8Array | Uint16Array {
    const samples = this.#decode(frame);
    const { index, buffer } = this.stream;
    if (index > buffer.length || this.yLoc < this.frame.dimY)
      throw new BadInput('the lossless JPEG code stream is cut off');
    if (this.scan.al !== 0)
      throw new UnsupportedTransferSyntax(`no decoder for JPEG with the point transform ${this.scan.al}`);
    return samples;
  }

  /** Predictor 7 is the mean rounded down; a half that is left over goes wrong where differences wrap around. */
  override select7(component?: number): number {
    return (this.getPreviousX(component) + this.getPreviousY(component)) >> 1;
  }

  #decode(frame: Uint8Array): Uint8Array | Uint16Array {
    try {
      return this.decode(frame.buffer, frame.byteOffset, frame.byteLength);
    } catch (cause) {
      throw new BadInput('the lossless JPEG code stream cannot be decoded', { cause });
    }
  }
}
