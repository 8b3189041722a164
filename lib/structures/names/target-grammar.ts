import { isOpenDose, MOST_CROP_MM, MOST_TARGETS } from '../../rt/target-dose.ts';
import { TG263_NAMES } from './tg263.ts';

/** The types of targets that TG-263 knows; PTV! is a PTV of low dose without what overlaps with a higher one. */
export const TARGET_TYPES = ['GTV', 'CTV', 'ITV', 'IGTV', 'ICTV', 'PTV', 'PTV!'] as const;
export type TargetType = (typeof TARGET_TYPES)[number];

/** Nodal, primary, surgical bed, parenchyma, venous thrombosis, vascular. */
export const TARGET_CLASSIFIERS = ['n', 'p', 'sb', 'par', 'v', 'vas'] as const;
export type TargetClassifier = (typeof TARGET_CLASSIFIERS)[number];

/** A target's name in the parts of TG-263's rules for targets (section 8.2 of the report), in their order. */
export interface TargetParts {
  type: TargetType;
  classifier?: TargetClassifier;
  /** Counts targets that lie apart. */
  number?: number;
  /** The images that it is drawn on: `CT1PT1`. */
  imaging?: string;
  /** Names of the list that it relates to, or a side alone: `Liver`, `Eval`, `L`. */
  structure?: string;
  /** As the name writes it: `High`, `Mid01`, `5040` (cGy), `50.4Gy`, `50p4Gy`, `2000x3` and `20Gyx3` (per fraction). */
  dose?: string;
  /** mm that it keeps from the skin. */
  cropMm?: number;
  /** What stands behind ^. */
  custom?: string;
}

const TYPE = /^(PTV!|I?GTV|I?CTV|ITV|PTV)/;
const NAME = new RegExp(
  `${TYPE.source}(${TARGET_CLASSIFIERS.toReversed().join('|')})?([1-9]\\d?)?(?:_((?:(?:CT|PT|MR|SP)\\d{1,2})+))?` +
    '(?:_([A-Z][A-Za-z0-9_]*?))??' +
    '(?:_(High|Low|Mid(?:\\d{2})?|\\d{1,3}(?:[.p]\\d{1,2})?Gy(?:x\\d{1,2})?|\\d{3,5}x\\d{1,2}|\\d{4,5}))?' +
    '(?:-(\\d{2}))?(?:\\^(\\S+))?$',
);

/** Takes a name apart that follows the grammar to the letter; undefined for any other. */
export function parseTarget(name: string): TargetParts | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, type, classifier, number, imaging, structure, dose, crop, custom] = match;
  if (structure !== undefined && !isIndicator(structure)) return undefined;
  if (Number(number ?? 0) > MOST_TARGETS || Number(crop ?? 0) > MOST_CROP_MM) return undefined;
  if (dose !== undefined && /^\d+$/.test(dose) && isOpenDose(dose)) return undefined;
  return {
    type: type as TargetType,
    ...(classifier !== undefined && { classifier: classifier as TargetClassifier }),
    ...(number !== undefined && { number: Number(number) }),
    ...(imaging !== undefined && { imaging }),
    ...(structure !== undefined && { structure }),
    ...(dose !== undefined && { dose }),
    ...(crop !== undefined && { cropMm: Number(crop) }),
    ...(custom !== undefined && { custom }),
  };
}

/** The name of these parts. */
export function formatTarget(parts: TargetParts): string {
  const { type, classifier = '', number = '', imaging, structure, dose, cropMm, custom } = parts;
  const behindUnderscores = [imaging, structure, dose].filter((part) => part !== undefined);
  const crop = cropMm === undefined ? '' : `-${String(cropMm).padStart(2, '0')}`;
  const qualifier = custom === undefined ? '' : `^${custom}`;
  return `${[`${type}${classifier}${number}`, ...behindUnderscores].join('_')}${crop}${qualifier}`;
}

/** Whether a text consists of names of the list, and of a side at most at its end. */
function isIndicator(text: string): boolean {
  if (INDICATORS.has(text)) return true;
  for (let at = text.indexOf('_'); at > 0; at = text.indexOf('_', at + 1))
    if (INDICATORS.has(text.slice(0, at)) && isIndicator(text.slice(at + 1))) return true;
  return false;
}

/** What a target may relate to: no other target, nothing without one. */
const INDICATORS: ReadonlySet<string> = new Set([
  ...TG263_NAMES.filter((name) => !name.includes('-') && !TYPE.test(name)),
  'L',
  'R',
]);
