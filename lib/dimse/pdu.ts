import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '../dicom/uid.ts';
import { BadInput } from '../errors.ts';

/** A context as the requestor proposes it: one SOP class and the transfer syntaxes that it may come in. */
export interface ProposedContext {
  id: number;
  abstractSyntax: string;
  transferSyntaxes: string[];
}

/** The answer to one context: accepted with a transfer syntax when `result` is 0. PS3.8 table 9-18. */
export interface AnsweredContext {
  id: number;
  result: number;
  transferSyntax: string;
}

/** Who sends and who receives the instances of a SOP class, where that is not the default: PS3.7 annex D.3.3.4. */
export interface Role {
  sopClass: string;
  scu: boolean;
  scp: boolean;
}

/** A fragment of a message: a part of its command or of its data set. */
export interface Fragment {
  contextId: number;
  isCommand: boolean;
  isLast: boolean;
  bytes: Uint8Array;
}

export interface AssociateFields {
  called: string;
  calling: string;
  /** The longest body of a data unit that the sender of this takes; 0: any. */
  longest: number;
  roles: Role[];
}

/** Protocol data units: PS3.8 section 9.3. */
export type Pdu =
  | ({ type: 'request'; contexts: ProposedContext[] } & AssociateFields)
  | ({ type: 'accept'; contexts: AnsweredContext[] } & AssociateFields)
  | { type: 'reject'; result: number; source: number; reason: number }
  | { type: 'data'; fragments: Fragment[] }
  | { type: 'release' }
  | { type: 'released' }
  | { type: 'abort'; source: number; reason: number };

const TYPES: Pdu['type'][] = ['request', 'accept', 'reject', 'data', 'release', 'released', 'abort'];
export const HEADER_BYTES = 6;
const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';
const FIXED_BYTES = 68;
const TITLE_BYTES = 16;

/** Alert and handshake: RFC 8446 section 5.1. */
const TLS_RECORDS = [21, 22];

/** The type and length of the data unit that begins with these six bytes. @throws BadInput when it is none */
export function pduHeader(header: Buffer): { type: Pdu['type']; bytes: number } {
  if (TLS_RECORDS.includes(header[0])) throw new BadInput('the other side speaks TLS here, and we do not');
  const type = TYPES[header[0] - 1];
  if (type === undefined) throw new BadInput(`no DICOM: the connection begins a data unit of type ${header[0]}`);
  return { type, bytes: header.readUInt32BE(2) };
}

/** @throws BadInput when the body is not laid out as its type asks */
export function decodePdu(type: Pdu['type'], body: Buffer): Pdu {
  try {
    if (type === 'request')
      return { type, ...associateFields(body), contexts: items(body, FIXED_BYTES, 0x20).map(proposed) };
    if (type === 'accept')
      return { type, ...associateFields(body), contexts: items(body, FIXED_BYTES, 0x21).map(answered) };
    if (type === 'reject') return { type, result: body[1], source: body[2], reason: body[3] };
    if (type === 'abort') return { type, source: body[2], reason: body[3] };
    if (type === 'data') return { type, fragments: fragmentsOf(body) };
    return { type };
  } catch (cause) {
    if (cause instanceof RangeError) throw new BadInput(`a data unit of type ${type} is cut off`, { cause });
    throw cause;
  }
}

export function encodePdu(pdu: Pdu): Buffer {
  const body = Buffer.concat(bodyOf(pdu));
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = TYPES.indexOf(pdu.type) + 1;
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function bodyOf(pdu: Pdu): Uint8Array[] {
  if (pdu.type === 'request') return [...associateHead(pdu), ...pdu.contexts.map(encodeProposed), userInformation(pdu)];
  if (pdu.type === 'accept') return [...associateHead(pdu), ...pdu.contexts.map(encodeAnswered), userInformation(pdu)];
  if (pdu.type === 'reject') return [Buffer.from([0, pdu.result, pdu.source, pdu.reason])];
  if (pdu.type === 'abort') return [Buffer.from([0, 0, pdu.source, pdu.reason])];
  if (pdu.type === 'data') return pdu.fragments.flatMap(encodeFragment);
  return [Buffer.alloc(4)];
}

function associateHead({ called, calling }: AssociateFields): Buffer[] {
  const head = Buffer.alloc(FIXED_BYTES);
  head.writeUInt16BE(1, 0);
  head.write(title(called), 4, 'latin1');
  head.write(title(calling), 4 + TITLE_BYTES, 'latin1');
  return [head, item(0x10, Buffer.from(APPLICATION_CONTEXT, 'latin1'))];
}

function title(name: string): string {
  return name.slice(0, TITLE_BYTES).padEnd(TITLE_BYTES);
}

function userInformation({ longest, roles }: AssociateFields): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(longest);
  const role = ({ sopClass, scu, scp }: Role) => {
    const uid = Buffer.from(sopClass, 'latin1');
    const size = Buffer.alloc(2);
    size.writeUInt16BE(uid.length);
    return item(0x54, Buffer.concat([size, uid, Buffer.from([Number(scu), Number(scp)])]));
  };
  return item(
    0x50,
    Buffer.concat([
      item(0x51, length),
      item(0x52, Buffer.from(IMPLEMENTATION_CLASS_UID, 'latin1')),
      ...roles.map(role),
      item(0x55, Buffer.from(IMPLEMENTATION_VERSION_NAME, 'latin1')),
    ]),
  );
}

function encodeProposed({ id, abstractSyntax, transferSyntaxes }: ProposedContext): Buffer {
  const syntaxes = transferSyntaxes.map((uid) => item(0x40, Buffer.from(uid, 'latin1')));
  return item(
    0x20,
    Buffer.concat([Buffer.from([id, 0, 0, 0]), item(0x30, Buffer.from(abstractSyntax, 'latin1')), ...syntaxes]),
  );
}

function encodeAnswered({ id, result, transferSyntax }: AnsweredContext): Buffer {
  return item(
    0x21,
    Buffer.concat([Buffer.from([id, 0, result, 0]), item(0x40, Buffer.from(transferSyntax, 'latin1'))]),
  );
}

function encodeFragment({ contextId, isCommand, isLast, bytes }: Fragment): Uint8Array[] {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(bytes.length + 2);
  head[4] = contextId;
  head[5] = Number(isCommand) + 2 * Number(isLast);
  return [head, bytes];
}

function item(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head[0] = type;
  head.writeUInt16BE(content.length, 2);
  return Buffer.concat([head, content]);
}

function associateFields(body: Buffer): AssociateFields {
  const text = (at: number) => body.toString('latin1', at, at + TITLE_BYTES).trim();
  const [user = Buffer.alloc(0)] = items(body, FIXED_BYTES, 0x50);
  const [length] = items(user, 0, 0x51);
  const role = (content: Buffer): Role => {
    const end = 2 + content.readUInt16BE(0);
    return { sopClass: uid(content.subarray(2, end)), scu: content[end] === 1, scp: content[end + 1] === 1 };
  };
  return {
    called: text(4),
    calling: text(4 + TITLE_BYTES),
    longest: length ? length.readUInt32BE(0) : 0,
    roles: items(user, 0, 0x54).map(role),
  };
}

function proposed(content: Buffer): ProposedContext {
  const [abstractSyntax = Buffer.alloc(0)] = items(content, 4, 0x30);
  return { id: content[0], abstractSyntax: uid(abstractSyntax), transferSyntaxes: items(content, 4, 0x40).map(uid) };
}

function answered(content: Buffer): AnsweredContext {
  const [transferSyntax = Buffer.alloc(0)] = items(content, 4, 0x40);
  return { id: content[0], result: content[2], transferSyntax: uid(transferSyntax) };
}

/** Contents of the items of a type that stand one after the other from `at`. */
function items(body: Buffer, at: number, type: number): Buffer[] {
  const found: Buffer[] = [];
  for (let start = at; start < body.length; ) {
    const end = start + 4 + body.readUInt16BE(start + 2);
    if (end > body.length) throw new RangeError('an item is longer than what holds it');
    if (body[start] === type) found.push(body.subarray(start + 4, end));
    start = end;
  }
  return found;
}

function fragmentsOf(body: Buffer): Fragment[] {
  const found: Fragment[] = [];
  for (let start = 0; start < body.length; ) {
    const end = start + 4 + body.readUInt32BE(start);
    if (end > body.length || end < start + 6) throw new RangeError('a fragment is longer than its data unit');
    const control = body[start + 5];
    found.push({
      contextId: body[start + 4],
      isCommand: (control & 1) === 1,
      isLast: (control & 2) === 2,
      bytes: body.subarray(start + 6, end),
    });
    start = end;
  }
  return found;
}

/** Some pad with a zero, which PS3.8 annex F forbids. */
function uid(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/(?<![\0 ])[\0 ]+$/, '');
}
