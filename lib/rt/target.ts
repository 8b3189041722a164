/** Volumes that are to be treated, by ICRU 50, 62 and 83; TREATED_VOLUME where the type alone says so. */
export type TargetKind = 'GTV' | 'CTV' | 'ITV' | 'PTV' | 'TREATED_VOLUME';

/** The name of a target in its parts: `zPTV_60` is PTV with the rest `_60`, a planning aid by its prefix. */
export interface TargetName {
  kind: 'GTV' | 'CTV' | 'ITV' | 'PTV';
  /** IGTV, ICTV, iPTV: with the motion in it (ICRU 62). */
  isInternal: boolean;
  /** By the prefix that TG-263 keeps for aids of planning: zPTV, _PTV, ~PTV. */
  isAid: boolean;
  /** HR, IR or LR before a CTV or GTV, else ''. */
  riskLevel: string;
  rest: string;
}

/** What the drawer and the planning system say of a ROI. */
export interface TypedRoi {
  name: string;
  /** RTROIInterpretedType (3006,00A4), upper case, or ''. */
  interpretedType: string;
}

/** z, _ and ~ of TG-263; i for internal; HR, IR and LR of GEC-ESTRO's risk levels in brachytherapy. */
const NAME = /^([~_]+|z+[\s_-]?)?(?:(i)|(HR|IR|LR)[\s_-]?)?(GTV|CTV|ITV|PTV)(.*)$/i;
/** Shells around a target, which are none: PTV ring, PTV1_WALL, PTVRing2cm. */
const SHELL = /(?:^|[^a-z])(?:ring|shell|rind|wall|halo|dummy)s?(?:[^a-z]|$)/i;
const CAMEL_SHELL = /[a-z](?:Ring|Shell|Rind|Wall|Halo|Dummy)/;
/** ICRU 50 calls the volume inside an isodose a treated volume too. */
const ISODOSE = /iso|%/i;

/** RTROIInterpretedType of what is no anatomy (PS3.3 C.8.8.8): aids of planning, devices, dose regions. */
export const AID_TYPES: readonly string[] = [
  'EXTERNAL',
  'SUPPORT',
  'FIXATION',
  'BOLUS',
  'MARKER',
  'ISOCENTER',
  'REGISTRATION',
  'CONTROL',
  'CONTRAST_AGENT',
  'DEVICE',
  'DOSE_REGION',
  'DOSE_MEASUREMENT',
  'IRRAD_VOLUME',
  'BRACHY_CHANNEL',
  'BRACHY_ACCESSORY',
  'BRACHY_SRC_APP',
  'BRACHY_CHNL_SHLD',
];

/**
 * Which target a ROI is, if any. A type that says what is no target (CONTROL, AVOIDANCE, EXTERNAL, ...) decides. Else the
 * name does, where it begins with the word of a target: many systems type every ROI as ORGAN or every target as PTV. Else
 * the type.
 */
export function targetKind({ name, interpretedType }: TypedRoi): TargetKind | undefined {
  if (saysNoTarget(interpretedType)) return undefined;
  return targetName(name)?.kind ?? kindOfType({ name, interpretedType });
}

export function isTarget(roi: TypedRoi): boolean {
  return targetKind(roi) !== undefined;
}

/** Parses a name that begins with the word of a target; undefined for any other, and for a shell around a target. */
export function targetName(name: string): TargetName | undefined {
  const match = NAME.exec(name.trim());
  if (!match) return undefined;
  const [, aid, internal, riskLevel, kind, rest] = match;
  if (SHELL.test(rest) || CAMEL_SHELL.test(rest)) return undefined;
  return {
    kind: kind.toUpperCase() as TargetName['kind'],
    isInternal: internal !== undefined,
    isAid: aid !== undefined,
    riskLevel: riskLevel?.toUpperCase() ?? '',
    rest,
  };
}

/** The conflict when name and type of an ROI disagree: what each says, and which decides. Undefined when they agree. */
export function targetConflict(roi: TypedRoi): string | undefined {
  const named = targetName(roi.name);
  const { interpretedType: type } = roi;
  if (!named || type === '' || type === 'TREATED_VOLUME' || kindOfType(roi) === named.kind) return undefined;
  if (!saysNoTarget(type)) return `the name says ${named.kind}, the type ${type}: the name decides`;
  return named.isAid ? undefined : `the name says ${named.kind}, the type ${type}: it does not count as a target`;
}

function saysNoTarget(interpretedType: string): boolean {
  return interpretedType === 'AVOIDANCE' || AID_TYPES.includes(interpretedType);
}

const TYPES = ['GTV', 'CTV', 'ITV', 'PTV'] as const;

function kindOfType({ name, interpretedType }: TypedRoi): TargetKind | undefined {
  if (interpretedType === 'TREATED_VOLUME') return ISODOSE.test(name) ? undefined : 'TREATED_VOLUME';
  return TYPES.find((type) => type === interpretedType);
}
