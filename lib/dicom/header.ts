import { BadInput } from '../errors.ts';
import type { DataSet } from './data-set.ts';
import { readPart } from './read.ts';

/** A file that is read by ranges. */
export interface ByteSource {
  /** Length of the file. */
  bytes: number;
  /** Bytes [start, end). */
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface Header<T> {
  /** What was made of the data set. */
  made: T;
  /** How much of the file was read: [0, bytesRead). */
  bytesRead: number;
}

const FIRST_RANGE_BYTES = 64 * 1024;
/** Objects without pixel data: their header is the whole file, so there is no point in creeping up to its end. */
const WITHOUT_PIXEL_DATA = new Set(['RTSTRUCT', 'RTPLAN', 'RTRECORD', 'REG', 'SR', 'PR', 'KO']);

/** Does what takes time without waiting: with a limit, or simply at once. */
export type Watch = <T>(work: () => T) => T | Promise<T>;

/**
 * Everything before the pixel data, without touching more of the file than that takes: 64 KiB, and twice as much until
 * the pixel data begin or the file ends. A deflated file is read whole.
 * @throws BadInput when the file is not DICOM, is cut off before the pixel data or is broken
 */
export async function readHeader(source: ByteSource): Promise<{ dataSet: DataSet; bytesRead: number }> {
  const { made, bytesRead } = await makeOfHeader(
    source,
    (dataSet) => dataSet,
    (work) => work(),
  );
  return { dataSet: made, bytesRead };
}

/**
 * As readHeader, with a result made of the data set within the time limit of its parsing. A separate limit would take
 * as long as the rest.
 * @param watch limit of time for parsing, so that no file takes forever
 * @throws BadInput as readHeader, and what `make` throws
 */
export async function makeOfHeader<T>(
  source: ByteSource,
  make: (dataSet: DataSet) => T,
  watch: Watch,
): Promise<Header<T>> {
  let head: Uint8Array = new Uint8Array(0);
  let end = Math.min(FIRST_RANGE_BYTES, source.bytes);
  for (;;) {
    head = await extend(head, source, end);
    const isWhole = end === source.bytes;
    const part = await watch(() => {
      const read = readPart(head, { untilPixelData: true, whole: isWhole });
      const isDone = read.metPixelData || (isWhole && read.cut === undefined);
      return { ...read, made: isDone ? { value: make(read.dataSet) } : undefined };
    });
    if (part.made) return { made: part.made.value, bytesRead: end };
    if (isWhole) throw new BadInput(`the data end inside the element that starts at byte ${part.cut}`);
    const wholeAtOnce = WITHOUT_PIXEL_DATA.has(part.dataSet.text('Modality'));
    end = wholeAtOnce ? source.bytes : Math.min(2 * end, source.bytes);
  }
}

async function extend(head: Uint8Array, source: ByteSource, end: number): Promise<Uint8Array> {
  const more = await source.read(head.length, end);
  if (head.length + more.length !== end)
    throw new BadInput(`the file ends at byte ${head.length + more.length} of ${end}`);
  if (head.length === 0) return more;
  const longer = new Uint8Array(end);
  longer.set(head);
  longer.set(more, head.length);
  return longer;
}
