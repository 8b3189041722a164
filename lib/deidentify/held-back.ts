import type { DataSet } from '../dicom/data-set.ts';
import type { Layout } from '../dicom/read.ts';
import { isDicomDirectory } from '../dicom/recognise.ts';
import { SopClass } from '../dicom/uid.ts';

/** Objects whose identifying contents Table E.1-1 covers: images, doses, plans, structures, records, registrations. */
const COVERED: ReadonlySet<string> = new Set(
  Object.values(SopClass).filter(
    (uid) => uid !== SopClass.mediaStorageDirectory && uid !== SopClass.secondaryCaptureImage,
  ),
);
/** Pages that scanners file as images: the patient's name is drawn on many of them. */
const PAGE = /SCREEN|CAPTURE|PROTOCOL|DOSE.?INFO|REPORT|PRINT/i;
/** OverlayBitPosition of the sixteen overlay planes, PS3.3 C.9.2. */
const OVERLAY_BIT_POSITION = /^x60[0-1][02468ace]0102$/;

const SCREENSHOT = 'a screenshot or scanned page';
const BURNED_IN = 'text is burned into the image';
const PAGE_OF_TEXT = 'the image is a page of text';
const OVERLAY = 'an overlay is stored in the pixel data';

/** Reasons that a person can judge who looks at the image: it may show text. */
export const MAY_SHOW_TEXT: ReadonlySet<string> = new Set([SCREENSHOT, BURNED_IN, PAGE_OF_TEXT, OVERLAY]);

/** Why an object must not leave: what in it may identify cannot be found by a program. undefined: it may. */
export function reasonToHoldBack(dataSet: DataSet, layout: Layout, allowBurnedIn: boolean): string | undefined {
  if (isDicomDirectory(dataSet)) return 'a DICOMDIR, which lists patients';
  if (!dataSet.has('SOPInstanceUID')) return 'it has no SOP Instance UID';
  const sopClass = dataSet.text('SOPClassUID');
  if (sopClass === SopClass.secondaryCaptureImage) return allowBurnedIn ? undefined : SCREENSHOT;
  if (!COVERED.has(sopClass))
    return `objects of SOP class ${sopClass || '(none)'} may hold text that cannot be cleaned`;
  if (allowBurnedIn) return undefined;
  if (dataSet.text('BurnedInAnnotation') === 'YES') return BURNED_IN;
  if (dataSet.texts('ImageType').some((value) => PAGE.test(value))) return PAGE_OF_TEXT;
  if (hasOverlayInPixels(layout)) return OVERLAY;
  return undefined;
}

function hasOverlayInPixels({ bytes, elements, encoding }: Layout): boolean {
  return Object.values(elements).some(({ tag, dataOffset, length }) => {
    if (!OVERLAY_BIT_POSITION.test(tag) || length < 2) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return view.getUint16(dataOffset, !encoding.bigEndian) > 0;
  });
}
