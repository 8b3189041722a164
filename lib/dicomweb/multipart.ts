import { BadInput } from '../errors.ts';

export interface Part {
  contentType: string;
  content: Uint8Array;
}

/**
 * The parts of a `multipart/related` answer: RFC 2387 and RFC 2046 section 5.1.
 * @throws BadInput when it is no multipart text or ends before its closing delimiter: a part of it is lost then
 */
export function multipartParts(contentType: string, body: Uint8Array): Part[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = `--${boundaryOf(contentType)}`;
  const parts: Part[] = [];
  let at = bytes.subarray(0, delimiter.length).equals(Buffer.from(delimiter)) ? 0 : next(bytes, delimiter, 0) + 2;
  for (;;) {
    const after = at + delimiter.length;
    if (bytes.toString('latin1', after, after + 2) === '--') return parts;
    const start = bytes.indexOf('\r\n', after);
    if (start < 0) throw cutOff();
    at = next(bytes, delimiter, start) + 2;
    parts.push(partOf(bytes.subarray(start + 2, at - 2)));
  }
}

/** @returns multipart text of these parts, and its content type */
export function multipartOf(
  type: string,
  parts: Uint8Array[],
  boundary: string,
): { contentType: string; body: Uint8Array } {
  const head = Buffer.from(`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`);
  const body = parts.flatMap((part) => [head, part, Buffer.from('\r\n')]);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    body: Buffer.concat([...body, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\/related\b/i.test(contentType) || boundary === undefined)
    throw new BadInput(`the content type is not multipart/related with a boundary but ${contentType || 'absent'}`);
  return boundary;
}

/** Where the line break before the next delimiter begins. */
function next(bytes: Buffer, delimiter: string, from: number): number {
  const found = bytes.indexOf(`\r\n${delimiter}`, from, 'latin1');
  if (found < 0) throw cutOff();
  return found;
}

/** Headers, an empty line, the content; a part may have no headers at all. */
function partOf(bytes: Buffer): Part {
  const hasHeaders = !bytes.subarray(0, 2).equals(Buffer.from('\r\n'));
  const end = hasHeaders ? bytes.indexOf('\r\n\r\n') : -2;
  if (hasHeaders && end < 0) throw new BadInput('a part of the answer has incomplete headers');
  const headers = hasHeaders ? bytes.toString('latin1', 0, end) : '';
  const contentType =
    headers
      .split('\r\n')
      .map(headerValue)
      .find((value) => value !== undefined) ?? '';
  return { contentType, content: new Uint8Array(bytes.subarray(end + 4)) };
}

/** The value of a line that says the content type. */
function headerValue(line: string): string | undefined {
  const [name, ...parts] = line.split(':');
  return name.trim().toLowerCase() === 'content-type' ? parts.join(':').trim() : undefined;
}

function cutOff(): BadInput {
  return new BadInput('the multipart answer ends before its closing delimiter');
}
