const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** 1 January 1980, 00:00 in MS-DOS time and date words: the first moment that ZIP knows. */
const FIRST_MOMENT = 0x00210000;

/**
 * A ZIP archive with the time of every member set to the first that the format knows, so that equal content gives equal
 * bytes. Layout: PKWARE APPNOTE 4.3. `zip` is changed in place and returned.
 */
export function withFixedTime(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  let entry = view.getUint32(end + 16, true);
  while (view.getUint32(entry, true) === CENTRAL_HEADER) {
    view.setUint32(entry + 12, FIRST_MOMENT, true);
    const local = view.getUint32(entry + 42, true);
    if (view.getUint32(local, true) === LOCAL_HEADER) view.setUint32(local + 10, FIRST_MOMENT, true);
    const variable =
      view.getUint16(entry + 28, true) + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
    entry += 46 + variable;
  }
  return zip;
}
