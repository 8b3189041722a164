import { BadInput } from '../errors.ts';

/** Elements of command sets: PS3.7 annex E.1. */
const ELEMENTS = {
  affectedSopClass: [0x0002, 'UI'],
  field: [0x0100, 'US'],
  messageId: [0x0110, 'US'],
  respondedTo: [0x0120, 'US'],
  moveDestination: [0x0600, 'AE'],
  priority: [0x0700, 'US'],
  dataSetType: [0x0800, 'US'],
  status: [0x0900, 'US'],
  affectedSopInstance: [0x1000, 'UI'],
  remaining: [0x1020, 'US'],
  completed: [0x1021, 'US'],
  failed: [0x1022, 'US'],
  warning: [0x1023, 'US'],
} as const;

type Name = keyof typeof ELEMENTS;
type Texts = 'affectedSopClass' | 'affectedSopInstance' | 'moveDestination';

export type CommandSet = { [K in Name]?: K extends Texts ? string : number };

/** `field`: what a message is. */
export const Field = {
  storeRequest: 0x0001,
  storeResponse: 0x8001,
  getRequest: 0x0010,
  getResponse: 0x8010,
  findRequest: 0x0020,
  findResponse: 0x8020,
  moveRequest: 0x0021,
  moveResponse: 0x8021,
  echoRequest: 0x0030,
  echoResponse: 0x8030,
  cancel: 0x0fff,
} as const;

/** `status`: PS3.7 annex C and PS3.4 annexes B and C. */
export const Status = {
  success: 0x0000,
  outOfResources: 0xa700,
  doesNotMatch: 0xa900,
  cannotUnderstand: 0xc000,
  unrecognized: 0x0211,
} as const;

/** More answers follow. */
export function isPending(status: number | undefined): boolean {
  return status === 0xff00 || status === 0xff01;
}

/** `dataSetType` of a message that has no data set. */
export const NO_DATA_SET = 0x0101;

/** Implicit VR little endian, with its length first: PS3.7 section 6.3. */
export function encodeCommand(command: CommandSet): Buffer {
  const elements = Object.entries(ELEMENTS).flatMap(([name, [element, vr]]) => {
    const value = command[name as Name];
    return value === undefined
      ? []
      : [encoded(element, vr === 'US' ? number(Number(value), 2) : text(String(value), vr))];
  });
  const body = Buffer.concat(elements);
  return Buffer.concat([encoded(0, number(body.length, 4)), body]);
}

/** @throws BadInput when it is no command set */
export function decodeCommand(bytes: Buffer): CommandSet {
  const command: Record<string, string | number> = {};
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length || bytes.readUInt16LE(at) !== 0)
      throw new BadInput('a message begins with no command set');
    const element = bytes.readUInt16LE(at + 2);
    const end = at + 8 + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) throw new BadInput('a command set is cut off');
    const value = bytes.subarray(at + 8, end);
    for (const [name, [number, vr]] of Object.entries(ELEMENTS))
      if (number === element && value.length > 0)
        command[name] = vr === 'US' ? value.readUInt16LE(0) : value.toString('latin1').replace(/(?<![\0 ])[\0 ]+$/, '');
    at = end;
  }
  return command as CommandSet;
}

function encoded(element: number, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(element, 2);
  head.writeUInt32LE(value.length, 4);
  return Buffer.concat([head, value]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}

/** Padded to an even length. */
function text(value: string, vr: string): Buffer {
  const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
  return Buffer.from(value + padding, 'latin1');
}
