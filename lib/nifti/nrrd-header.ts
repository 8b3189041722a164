import { BadInput } from '../errors.ts';

/** Fields of a NRRD header by name, in lower case and without spaces: `byte skip` and `byteskip` are one field. */
export type NrrdFields = Map<string, string>;

export interface NrrdHeader {
  fields: NrrdFields;
  /** Where the data begin in an attached file. */
  dataStart: number;
  /** Files that hold the data of a detached header, in order and relative to it; empty when it holds them itself. */
  dataFiles: string[];
}

/**
 * Lines of `field: value` up to an empty line or the end; `key:=value` pairs and comments carry no geometry.
 * @throws BadInput for other files
 */
export function readNrrdHeader(file: Uint8Array): NrrdHeader {
  const fields: NrrdFields = new Map();
  const listed: string[] = [];
  let position = 0;
  for (let line = 0; position < file.length; line++) {
    const at = file.indexOf(0x0a, position);
    const end = at < 0 ? file.length : at;
    const text = new TextDecoder().decode(file.subarray(position, end)).trimEnd();
    position = Math.min(end + 1, file.length);
    if (line === 0 && !/^NRRD000\d/.test(text)) throw new BadInput('this is not a NRRD file');
    if (text === '') break;
    const isList = /^LIST\b/.test(fields.get('datafile') ?? '');
    const field = /^([^#:]+):(.*)$/s.exec(text);
    if (field) fields.set(field[1].toLowerCase().replaceAll(' ', ''), field[2].trim());
    else if (isList && !text.startsWith('#')) listed.push(text.trim());
  }
  return { fields, dataStart: position, dataFiles: dataFilesOf(fields, listed) };
}

/** @throws BadInput when the header lacks it */
export function requiredField(fields: NrrdFields, name: string): string {
  const value = fields.get(name.replaceAll(' ', ''));
  if (value === undefined) throw new BadInput(`the NRRD header has no "${name}"`);
  return value;
}

/** More than the slices of any image. */
const MOST_DATA_FILES = 100_000;

/** Of `data file`: a name, LIST with the names below, or a pattern with first and last number and step. */
function dataFilesOf(fields: NrrdFields, listed: string[]): string[] {
  const given = fields.get('datafile');
  if (given === undefined) return [];
  if (/^LIST\b/.test(given)) return listed;
  const numbered = /^(\S*)%(0?)(\d*)d(\S*)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+\d+)?$/.exec(given);
  if (!numbered) return [given];
  const [, before, zero, width, after, ...range] = numbered;
  const [first, last, step] = range.map(Number);
  const count = Math.floor((last - first) / step) + 1;
  if (!(count > 0 && count <= MOST_DATA_FILES))
    throw new BadInput(
      `the NRRD names its data files in a way that gives none, or more than ${MOST_DATA_FILES}: ${given}`,
    );
  const names = Array.from({ length: count }, (_, n) => String(first + n * step).padStart(Number(width), zero || ' '));
  return names.map((name) => `${before}${name}${after}`);
}
