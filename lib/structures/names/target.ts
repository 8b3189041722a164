import { ownKeys } from '../../own-keys.ts';
import { type TargetName, targetName } from '../../rt/target.ts';
import { bareDose, isOpenDose, MOST_CROP_MM, MOST_TARGETS } from '../../rt/target-dose.ts';
import { CGY_PER_GY } from '../../units.ts';
import {
  formatTarget,
  parseTarget,
  type TargetClassifier,
  type TargetParts,
  type TargetType,
} from './target-grammar.ts';

/** Names a structure as TG-263 does; undefined when none is certain. */
export type NameStructure = (text: string) => string | undefined;

/** What clinics write for a classifier. */
const CLASSIFIERS: Readonly<Record<string, TargetClassifier>> = ownKeys({
  ...{ n: 'n', nd: 'n', nodal: 'n', node: 'n', nodes: 'n', p: 'p', prim: 'p', primary: 'p' },
  ...{ sb: 'sb', par: 'par', v: 'v', vas: 'vas' },
});
const SIDES: Readonly<Record<string, 'L' | 'R'>> = ownKeys({
  l: 'L',
  lt: 'L',
  left: 'L',
  li: 'L',
  r: 'R',
  rt: 'R',
  right: 'R',
});

const CROP = /-(\d{2})$/;
const HEAD = new RegExp(
  `^(?:[\\s_-]*(${Object.keys(CLASSIFIERS).toReversed().join('|')})(?![a-z]))?` +
    '(?:[\\s_-]*(\\d{1,2})(?![\\d.,p]|\\s*c?gy|x\\d))?(?:[\\s_]+((?:(?:CT|PT|MR|SP)\\d{1,2})+)(?![a-z0-9]))?',
  'i',
);
const DOSE =
  /[\s_-]*(?:(high|low|mid(?:\d{1,2})?)|(\d{1,3}(?:[.,p]\d{1,2})?)\s*gy(?:\s*x\s*(\d{1,2}))?|(\d{3,5})(?:\s*cgy)?\s*x\s*(\d{1,2})|(\d{3,5})\s*cgy|(?<!\d)(\d{4,5}))$/i;
/** A dose without its unit, or a number of something else. */
const OPEN_DOSE = /[\s_-]*(?<![\d.,])(\d{2}(?:[.,]\d{1,2})?|\d{3,4})$/;

/**
 * A target name in TG-263 form: unchanged if it follows the grammar, otherwise the parts that its spelling shows for
 * certain. A dose is written in cGy. `suggestion` when a number is ambiguous.
 * @returns undefined when the name is not a target's
 */
export function standardTarget(
  name: string,
  nameStructure: NameStructure,
): { standardName: string | null; suggestion: string | null } | undefined {
  const target = targetName(name);
  if (!target || target.isAid) return undefined;
  if (parseTarget(name.trim())) return { standardName: name.trim(), suggestion: null };
  const type = typeOf(target);
  const found = type && readParts(type, target.rest, nameStructure);
  if (!found) return { standardName: null, suggestion: null };
  const formed = formatTarget(found.parts);
  return found.isOpen ? { standardName: null, suggestion: formed } : { standardName: formed, suggestion: null };
}

/** TG-263's type; undefined for an internal PTV and for the risk levels of brachytherapy, which it does not know. */
function typeOf({ kind, isInternal, riskLevel, rest }: TargetName): TargetType | undefined {
  if (riskLevel !== '') return undefined;
  if (!isInternal) return kind === 'PTV' && rest.startsWith('!') ? 'PTV!' : kind;
  return kind === 'GTV' || kind === 'CTV' ? `I${kind}` : undefined;
}

/** The parts that follow the type, whatever their case and the gaps between them; undefined when some is not understood. */
function readParts(
  type: TargetType,
  rest: string,
  nameStructure: NameStructure,
): { parts: TargetParts; isOpen: boolean } | undefined {
  const [before, ...custom] = rest.replace(/^!/, '').split('^');
  const crop = CROP.exec(before);
  if (crop && Number(crop[1]) > MOST_CROP_MM) return readOpenDose(type, before, nameStructure);
  const uncropped = (crop ? before.slice(0, crop.index) : before).replace(/[\s_]+$/, '');
  const dose = DOSE.exec(uncropped);
  if (dose?.[7] !== undefined && isOpenDose(dose[7])) return readOpenDose(type, before, nameStructure);
  const head = readHead(dose ? uncropped.slice(0, dose.index) : uncropped, nameStructure);
  if (!head) return dose ? undefined : readOpenDose(type, before, nameStructure);
  return {
    parts: {
      ...{ type, ...head },
      ...(dose && { dose: doseText(dose) }),
      ...(crop && { cropMm: Number(crop[1]) }),
      ...(custom.length > 0 && { custom: custom.join('^') }),
    },
    isOpen: false,
  };
}

/** Classifier, number, imaging and structure. */
function readHead(text: string, nameStructure: NameStructure): Partial<TargetParts> | undefined {
  const match = HEAD.exec(text) as RegExpExecArray;
  const [whole, classifier, digits, imaging] = match;
  const number = digits === undefined ? undefined : Number(digits);
  if (number !== undefined && (number > MOST_TARGETS || number === 0)) return undefined;
  const structure = readStructure(text.slice(whole.length), nameStructure);
  if (structure === null) return undefined;
  return {
    ...(classifier !== undefined && { classifier: CLASSIFIERS[classifier.toLowerCase()] }),
    ...(number !== undefined && { number }),
    ...(imaging !== undefined && { imaging: imaging.toUpperCase() }),
    ...(structure !== undefined && { structure }),
  };
}

/** Behind a gap; a hyphen would take the structure away from the target. Null when there is a text and no name for it. */
function readStructure(text: string, nameStructure: NameStructure): string | undefined | null {
  if (/^[\s_]*$/.test(text)) return undefined;
  const words = /^[\s_]+(.+)$/.exec(text)?.[1].trim();
  if (words === undefined || /[-+&/]/.test(words)) return null;
  const structure = SIDES[words.toLowerCase()] ?? nameStructure(words);
  return structure === undefined || structure.includes('-') || structure.startsWith('Body') ? null : structure;
}

function doseText([, level, gray, times, perFraction, timesCgy, centigray, bare]: RegExpExecArray): string {
  if (level !== undefined) {
    const [, name, step] = /^([a-z]+)(\d*)$/i.exec(level) as RegExpExecArray;
    return `${name[0].toUpperCase()}${name.slice(1).toLowerCase()}${step === '' ? '' : step.padStart(2, '0')}`;
  }
  if (gray !== undefined) {
    const dose = inCentigray(Number(gray.replace(/[,p]/i, '.')) * CGY_PER_GY);
    return times === undefined ? dose : `${Number(dose)}x${times}`;
  }
  if (perFraction !== undefined) return `${Number(perFraction)}x${timesCgy}`;
  return inCentigray(Number(centigray ?? bare));
}

/** A number that may be a dose in Gy (PTV50) or in cGy (GTV_2019, which may be a year): a suggestion, never applied. */
function readOpenDose(
  type: TargetType,
  text: string,
  nameStructure: NameStructure,
): { parts: TargetParts; isOpen: true } | undefined {
  const match = OPEN_DOSE.exec(text.replace(/[\s_]+$/, ''));
  if (!match) return undefined;
  const dose = bareDose(match[1]);
  if (!dose) return undefined;
  const head = readHead(text.slice(0, match.index), nameStructure);
  return head && { parts: { type, ...head, dose: inCentigray(dose.doseGy * CGY_PER_GY) }, isOpen: true };
}

function inCentigray(dose: number): string {
  return String(Math.round(dose)).padStart(4, '0');
}
