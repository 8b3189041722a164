export type Decode = (bytes: Uint8Array) => string;

/** A decoder for the values of SpecificCharacterSet (0008,0005); PS3.3 C.12.1.1.2 and PS3.5 section 6.1. */
export function characterSet(terms: readonly string[]): Decode {
  const known = terms.map((term) => term.trim().toUpperCase().replace(/[-_ ]/g, ' '));
  const label = WHOLE_LABELS[known[0] ?? ''] ?? UNDECLARED;
  return (bytes) => (isPlainAscii(bytes) ? decodeLatin(bytes) : decodeAs(label, bytes));
}

const UNDECLARED = '';
const WHOLE_LABELS: Record<string, string> = { 'ISO IR 192': 'utf-8', 'ISO IR 100': 'iso-8859-1' };

function decodeAs(label: string, bytes: Uint8Array): string {
  if (label !== UNDECLARED) return new TextDecoder(label).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeLatin(bytes);
  }
}

const ESCAPE = 0x1b;

function isPlainAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 0x7f || bytes[i] === ESCAPE) return false;
  return true;
}

/** One character per byte. */
export function decodeLatin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice();
}
