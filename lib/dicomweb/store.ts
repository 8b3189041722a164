import { createHash } from 'node:crypto';
import type { Client } from './client.ts';
import { BadAnswer } from './errors.ts';
import { multipartOf } from './multipart.ts';

/** `00081198`: instances that a server did not store, `00081197`: why. PS3.18 section 10.5. */
interface StoreAnswer {
  '00081198'?: { Value?: { '00081197'?: { Value?: number[] } }[] };
}

/**
 * Stores a DICOM file at the service (STOW-RS).
 * @throws BadAnswer when the service does not store it, NoService
 */
export async function storeInstance(client: Client, file: Uint8Array): Promise<void> {
  const boundary = `rtpipeline-${createHash('sha256').update(file).digest('hex')}`;
  const post = multipartOf('application/dicom', [file], boundary);
  const { body } = await client.send({ path: '/studies', accept: 'application/dicom+json', post });
  const [failed] = parsed(body)['00081198']?.Value ?? [];
  if (failed === undefined) return;
  const reason = failed['00081197']?.Value?.[0];
  throw new BadAnswer(
    `the DICOMweb service does not store it${reason === undefined ? '' : `: reason ${reason.toString(16)}`}`,
  );
}

/** The status says whether it was stored; an answer without a body, or in XML, adds nothing. */
function parsed(body: Uint8Array): StoreAnswer {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as StoreAnswer;
  } catch {
    return {};
  }
}
