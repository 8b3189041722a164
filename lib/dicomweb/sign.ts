import { createHash, createHmac } from 'node:crypto';

/** A service that knows us by signatures of AWS. */
export interface Signing {
  service: string;
  region: string;
  /** Absent: as the AWS SDK finds them in the environment. */
  credentials?: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;
}

export interface SignedRequest {
  method: string;
  /** With its query. */
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array;
}

/** The headers of the request with its signature: AWS Signature Version 4. */
export async function signedHeaders(
  { service, region, credentials }: Signing,
  { method, url, headers, body }: SignedRequest,
  signingDate?: Date,
): Promise<Record<string, string>> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const known = credentials ?? (await import('@aws-sdk/credential-provider-node')).defaultProvider();
  const signer = new SignatureV4({ service, region, credentials: known, sha256: Sha256, applyChecksum: false });
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) query[name] = [...(query[name] ?? []), value];
  const { protocol, hostname, pathname: path, host } = url;
  const request = { method, protocol, hostname, path, query, headers: { ...headers, host }, body };
  return (await signer.sign(request, { signingDate })).headers;
}

type SourceData = string | ArrayBuffer | ArrayBufferView;

/** The digest as the signer wants it, by Node. */
class Sha256 {
  private readonly hash;

  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
