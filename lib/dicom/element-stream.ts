import dicomParser from 'dicom-parser';

/** The data end before the element does. */
export class RanOut extends Error {}

/** VRs with a 32-bit length field that dicom-parser does not know (PS3.5 table 7.1-1). */
const WIDE_VRS = new Set(['OV', 'SV', 'UV']);

/**
 * dicom-parser's stream with two gaps closed: it never moves past the end of the data, which dicom-parser allows, and
 * the 64-bit VRs read as UN, which has the same length field (the tag dictionary knows the VR then).
 */
export class ElementStream extends dicomParser.ByteStream {
  override seek = (offset: number): void => {
    this.need(offset);
    this.position += offset;
  };

  override readUint16 = (): number => {
    this.need(2);
    this.position += 2;
    return this.byteArrayParser.readUint16(this.byteArray, this.position - 2);
  };

  override readUint32 = (): number => {
    this.need(4);
    this.position += 4;
    return this.byteArrayParser.readUint32(this.byteArray, this.position - 4);
  };

  override readFixedString = (length: number): string => {
    this.need(length);
    const text = dicomParser.readFixedString(this.byteArray, this.position, length);
    this.position += length;
    return length === 2 && WIDE_VRS.has(text) ? 'UN' : text;
  };

  need(bytes: number): void {
    if (this.position + bytes > this.byteArray.length) throw new RanOut();
  }
}
