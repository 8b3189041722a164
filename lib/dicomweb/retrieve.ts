import { readHeader } from '../dicom/header.ts';
import { BadInput } from '../errors.ts';
import type { InstanceUids } from '../received/instance-key.ts';
import type { Client } from './client.ts';
import { BadAnswer } from './errors.ts';
import { multipartParts } from './multipart.ts';

/**
 * A whole instance as a DICOM file (WADO-RS), with its bulk data in it. It is the one that was asked for, or an error.
 * @throws BadAnswer, NoService
 */
export async function retrieveInstance(client: Client, uids: InstanceUids): Promise<Uint8Array> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = uids;
  const path = `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
  const { contentType, body } = await client.send({ path, accept: client.dialect.instance });
  try {
    const file = fileIn(contentType, body);
    await requireInstance(file, sopInstanceUid);
    return file;
  } catch (error) {
    if (error instanceof BadInput)
      throw new BadAnswer(`the DICOMweb service does not return this instance: ${error.message}`);
    throw error;
  }
}

/** Some servers answer a request for one instance with the file itself. */
function fileIn(contentType: string, body: Uint8Array): Uint8Array {
  if (/^application\/dicom\b(?!\+)/i.test(contentType)) return body;
  const parts = multipartParts(contentType, body);
  if (parts.length !== 1) throw new BadInput(`the answer has ${parts.length} parts, but one was requested`);
  const [{ contentType: type, content }] = parts;
  if (type !== '' && !/^application\/dicom\b(?!\+)/i.test(type)) throw new BadInput(`the part is ${type}`);
  return content;
}

async function requireInstance(file: Uint8Array, sopInstanceUid: string): Promise<void> {
  const source = { bytes: file.length, read: async (start: number, end: number) => file.subarray(start, end) };
  const { dataSet } = await readHeader(source);
  if (dataSet.text('SOPInstanceUID') !== sopInstanceUid) throw new BadInput('the answer is another instance');
}
