import { gunzipSync } from 'node:zlib';

export interface Label {
  value: number;
  name: string;
}

const NIFTI1_HEADER_BYTES = 348;
const LABEL = /<Label\b[^>]*\bKey="(\d+)"[^>]*>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))<\/Label>/g;

/**
 * The table of labels in the header extension of a NIfTI-1 file (Caret's XML, as TotalSegmentator writes it), in
 * ascending order of values; empty when there is none.
 */
export function readLabelTable(file: Uint8Array): Label[] {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < NIFTI1_HEADER_BYTES + 4) return [];
  const littleEndian = view.getInt32(0, true) === NIFTI1_HEADER_BYTES;
  const end = Math.min(view.getFloat32(108, littleEndian), bytes.length);
  if (bytes[NIFTI1_HEADER_BYTES] === 0) return [];
  const text = new TextDecoder().decode(bytes.subarray(NIFTI1_HEADER_BYTES + 4, end));
  const labels = [...text.matchAll(LABEL)].map(([, key, quoted, plain]) => ({
    value: Number(key),
    name: (quoted ?? plain).trim(),
  }));
  return labels.filter(({ value, name }) => value > 0 && name !== '').sort((a, b) => a.value - b.value);
}

export function labelsOf(names: string[]): Label[] {
  return names.map((name, i) => ({ value: i + 1, name }));
}
