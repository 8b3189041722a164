import { type TargetName, targetName } from '../../rt/target.ts';

const CENTIGRAY_PER_GRAY = 100;
/** Numbers up to this count targets; larger ones without a unit may be doses. */
const MOST_TARGETS = 19;

/**
 * A target's name in TG-263's form: type in capitals, classifier and number without a gap (CTVp1), then a relative or a
 * four-digit dose in cGy behind an underscore (PTV_High, PTV_5040). `suggestion` where the meaning of a number is open.
 * @returns undefined when the name is none of a target
 */
export function standardTarget(name: string): { standardName: string | null; suggestion: string | null } | undefined {
  const target = targetName(name);
  if (!target || target.isAid) return undefined;
  const type = typeOf(target);
  if (type === undefined) return { standardName: null, suggestion: null };
  const rest = target.rest.replace(/^[\s_-]+|[\s_]+$/g, '');
  const certain = standardRest(rest);
  if (certain !== undefined) return { standardName: `${type}${certain}`, suggestion: null };
  const dose = /^(\d{2})(?:[.,](\d{1,2}))?$/.exec(rest);
  if (!dose) return { standardName: null, suggestion: null };
  return { standardName: null, suggestion: `${type}_${dose[1]}${(dose[2] ?? '').padEnd(2, '0')}` };
}

/** TG-263's type; undefined for an internal PTV and for the risk levels of brachytherapy, which it does not know. */
function typeOf({ kind, isInternal, riskLevel }: TargetName): string | undefined {
  if (riskLevel !== '' || (isInternal && (kind === 'PTV' || kind === 'ITV'))) return undefined;
  return isInternal ? `I${kind}` : kind;
}

function standardRest(rest: string): string | undefined {
  if (rest === '') return '';
  const relative = /^(high|mid|low)(\d{0,2})$/i.exec(rest);
  if (relative) return `_${relative[1][0].toUpperCase()}${relative[1].slice(1).toLowerCase()}${relative[2]}`;
  const numbered = /^([npm]|sb|par|v|vas)?[\s_]?(\d{1,2})?$/i.exec(rest);
  if (numbered && Number(numbered[2] ?? 0) <= MOST_TARGETS)
    return `${(numbered[1] ?? '').toLowerCase()}${numbered[2] === undefined ? '' : Number(numbered[2])}`;
  const gray = /^(\d{1,2}(?:[.,]\d{1,2})?)\s*gy$/i.exec(rest);
  if (gray) return `_${inCentigray(Number(gray[1].replace(',', '.')) * CENTIGRAY_PER_GRAY)}`;
  const centigray = /^(\d{3,4})(?:\s*cgy)?$/i.exec(rest);
  return centigray ? `_${inCentigray(Number(centigray[1]))}` : undefined;
}

function inCentigray(dose: number): string {
  return String(Math.round(dose)).padStart(4, '0');
}
