import type { DicomJson } from '../../dicom/write.ts';
import type { PhantomFile } from '../file.ts';
import { placeOf } from './file-names.ts';

interface Fault {
  kind: 'copy' | 'conflict' | 'cut in header' | 'cut in pixels';
  caseName: string;
  /** The slice of the scan that it befalls, by InstanceNumber. */
  slice: number;
}

/** What goes wrong with single files on their way from the scanner. */
export const FAULTS: Fault[] = [
  { kind: 'copy', caseName: 'prostate-sib', slice: 10 },
  { kind: 'conflict', caseName: 'images-only', slice: 1 },
  { kind: 'cut in pixels', caseName: 'broken-scan', slice: 27 },
  { kind: 'cut in header', caseName: 'broken-scan', slice: 30 },
];

const BYTES_OF_A_CUT_HEADER = 300;

/** The file of an instance as it arrives, and its unwanted twin where there is one. */
export function filesOf(caseName: string, object: DicomJson, bytes: Uint8Array): PhantomFile[] {
  const path = placeOf(String(object.SOPInstanceUID));
  const fault = object.Modality === 'CT' ? faultOf(caseName, Number(object.InstanceNumber)) : undefined;
  switch (fault?.kind) {
    case 'copy':
      return [
        { path, bytes },
        { path: `again/${path}`, bytes },
      ];
    case 'conflict':
      return [
        { path, bytes },
        { path: `again/${path}`, bytes: withOtherLastPixel(bytes) },
      ];
    case 'cut in pixels':
      return [{ path, bytes: bytes.slice(0, bytes.length >> 1) }];
    case 'cut in header':
      return [{ path, bytes: bytes.slice(0, BYTES_OF_A_CUT_HEADER) }];
    default:
      return [{ path, bytes }];
  }
}

/** What else lies between the files of an export. */
export function foreignFiles(): PhantomFile[] {
  const text = (content: string) => new TextEncoder().encode(content);
  return [
    { path: 'EXPORT/liesmich.txt', bytes: text('Export für die Studie, bitte nicht umbenennen.\r\n'.repeat(20)) },
    { path: 'inbox/cd 1/AUTORUN.INF', bytes: text('[autorun]\r\nopen=viewer.exe\r\n') },
    { path: 'archive/2023/0.dcm', bytes: new Uint8Array(0) },
    { path: 'archive/2023/1.dcm', bytes: Uint8Array.from({ length: 4096 }, (_, i) => (i * 73 + 41) % 251) },
  ];
}

function faultOf(caseName: string, slice: number): Fault | undefined {
  return FAULTS.find((fault) => fault.caseName === caseName && fault.slice === slice);
}

function withOtherLastPixel(bytes: Uint8Array): Uint8Array {
  const other = bytes.slice();
  other[other.length - 2] ^= 1;
  return other;
}
