import { BadConfig } from '../../errors.ts';
import { type PlanIndex, planIndexOf } from './plan-index.ts';

/** Dose as it stands, or made comparable over fractionations by the linear-quadratic model. */
export type DoseScale = 'physical' | 'EQD2' | 'BED';

interface Named {
  /** Canonical name: the name of the column. */
  name: string;
}

export type Statistic = 'Min' | 'Mean' | 'Median' | 'Max';

/** A figure of a dose-volume histogram. */
export type Metric = Named &
  (
    | { kind: 'volume' }
    | { kind: 'statistic'; scale: DoseScale; statistic: Statistic; unit: 'Gy' | '%' }
    | { kind: 'dose'; scale: DoseScale; volume: number; of: '%' | 'cc'; coldest: boolean; unit: 'Gy' | '%' }
    | { kind: 'volumeAtDose'; scale: DoseScale; dose: number; of: 'Gy' | '%'; below: boolean; unit: '%' | 'cc' }
    | { kind: 'index'; index: PlanIndex }
    | { kind: 'integralDose' }
    | { kind: 'gEUD'; scale: DoseScale; a?: number }
  );

/**
 * A metric from its name in the style of AAPM TG-263: `Volume[cc]`, `Mean[Gy]`,
 * `D95%[Gy]`, `D0.03cc[Gy]`, `V20Gy[%]`, `V95%[%]` (95 % of the prescription), the complements `DC90%[Gy]` and
 * `CV20Gy[cc]`, and `HI`, `CI_RTOG`, `CI_Paddick`, `GI`, `IntegralDose[Gy*cc]`, `gEUD[Gy]` or `gEUD(8)[Gy]`. Doses
 * take the prefix `EQD2_` or `BED_`. A missing unit is [Gy] for doses and [%] for volumes; `Dmean`, `Dmax` and `Dmin` are
 * read too.
 * @throws BadConfig when the name is none of these
 */
export function parseMetric(text: string): Metric {
  const compact = text.replace(/\s+/g, '');
  const [, prefix = '', rest] = /^(EQD2_|BED_)?(.*)$/i.exec(compact)!;
  const scale: DoseScale = prefix === '' ? 'physical' : prefix.toUpperCase() === 'BED_' ? 'BED' : 'EQD2';
  const metric = parseDose(rest, scale) ?? parseVolumeAtDose(rest, scale) ?? parseStatistic(rest, scale);
  const found = metric ?? parseEquivalent(rest, scale) ?? (scale === 'physical' ? parsePlain(rest) : undefined);
  if (!found) throw new BadConfig(`"${text}" is not a DVH metric; examples: D95%[Gy], D0.03cc[Gy], V20Gy[%], Mean[Gy]`);
  return found;
}

const NUMBER = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
const DOSE = new RegExp(`^D(C?)${NUMBER}(%|cc|cm3)(?:\\[(Gy|%)\\])?$`, 'i');
const VOLUME = new RegExp(`^(C?)V${NUMBER}(Gy|%)(?:\\[(%|cc|cm3)\\])?$`, 'i');
const STATISTIC = /^D?(min|mean|median|max)(?:imum)?(?:\[(Gy|%)\])?$/i;
const EQUIVALENT = /^gEUD(?:\((-?\d+(?:\.\d+)?)\))?(?:\[Gy\])?$/i;

function parseDose(text: string, scale: DoseScale): Metric | undefined {
  const match = DOSE.exec(text);
  if (!match) return undefined;
  const volume = Number(match[2]);
  const of = match[3] === '%' ? '%' : 'cc';
  const unit = match[4] === '%' ? '%' : 'Gy';
  if (of === '%' && volume > 100) return undefined;
  const coldest = match[1] !== '';
  return {
    kind: 'dose',
    name: `${tag(scale)}D${coldest ? 'C' : ''}${volume}${of}[${unit}]`,
    scale,
    volume,
    of,
    coldest,
    unit,
  };
}

function parseVolumeAtDose(text: string, scale: DoseScale): Metric | undefined {
  const match = VOLUME.exec(text);
  if (!match) return undefined;
  const dose = Number(match[2]);
  const of = match[3] === '%' ? '%' : 'Gy';
  const unit = match[4] === undefined || match[4] === '%' ? '%' : 'cc';
  const below = match[1] !== '';
  return {
    kind: 'volumeAtDose',
    name: `${tag(scale)}${below ? 'C' : ''}V${dose}${of}[${unit}]`,
    scale,
    dose,
    of,
    below,
    unit,
  };
}

function parseStatistic(text: string, scale: DoseScale): Metric | undefined {
  const match = STATISTIC.exec(text);
  if (!match) return undefined;
  const statistic = (match[1][0].toUpperCase() + match[1].slice(1).toLowerCase()) as Statistic;
  const unit = match[2] === '%' ? '%' : 'Gy';
  return { kind: 'statistic', name: `${tag(scale)}${statistic}[${unit}]`, scale, statistic, unit };
}

function parseEquivalent(text: string, scale: DoseScale): Metric | undefined {
  const match = EQUIVALENT.exec(text);
  if (!match) return undefined;
  const a = match[1] === undefined ? undefined : Number(match[1]);
  if (a === 0) return undefined;
  return { kind: 'gEUD', name: `${tag(scale)}gEUD${a === undefined ? '' : `(${a})`}[Gy]`, scale, a };
}

function parsePlain(text: string): Metric | undefined {
  if (/^Volume(\[(cc|cm3)\])?$/i.test(text)) return { kind: 'volume', name: 'Volume[cc]' };
  if (/^IntegralDose(\[Gy\*?cc\])?$/i.test(text)) return { kind: 'integralDose', name: 'IntegralDose[Gy*cc]' };
  const index = planIndexOf(text);
  return index && { kind: 'index', name: index, index };
}

function tag(scale: DoseScale): string {
  return scale === 'physical' ? '' : `${scale}_`;
}
