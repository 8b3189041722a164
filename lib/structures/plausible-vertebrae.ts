import { type Finding, finding } from '../findings.ts';
import type { Vec3 } from '../math/vec3.ts';
import { harmonise } from './names/harmonise.ts';

/** Vertebrae of the usual spine, from the head down. People with one more or fewer are not rare: hence a warning only. */
const SPINE = [
  ...Array.from({ length: 7 }, (_, i) => `C${i + 1}`),
  ...Array.from({ length: 12 }, (_, i) => `T${i + 1}`),
  ...Array.from({ length: 5 }, (_, i) => `L${i + 1}`),
  'S1',
];
/** A vertebra in TG-263: VB_T05. */
const STANDARD = /^VB_([CTLS])0?(\d{1,2})$/;

/** A structure that a model drew, with its centre in patient coordinates. */
interface Drawn {
  name: string;
  centreMm: Vec3;
}

/**
 * What no spine has: vertebrae that do not follow each other from the head down, and numbers that are missing between others.
 * @param asked names of all that was looked for: the others are not missing
 */
export function implausibleVertebrae(drawn: Drawn[], asked: string[], where: string): Finding[] {
  const levels = drawn.flatMap(({ name, centreMm }) => {
    const level = levelOf(name);
    return level < 0 ? [] : [{ level, z: centreMm[2] }];
  });
  const askedLevels = new Set(asked.map(levelOf));
  levels.sort((a, b) => a.level - b.level);
  const pairs = levels.slice(1).map((below, index) => ({ above: levels[index], below }));
  const swapped = pairs.filter(({ above, below }) => below.z >= above.z);
  const gaps = pairs
    .flatMap(({ above, below }) => between(above.level, below.level))
    .filter((level) => askedLevels.has(level));
  return [
    ...swapped.map(({ above, below }) => {
      const message = `vertebra ${SPINE[below.level]} lies above ${SPINE[above.level]}`;
      return finding('SEGMENTED_VERTEBRAE_IMPLAUSIBLE', where, message);
    }),
    ...(gaps.length === 0 ? [] : [finding('SEGMENTED_VERTEBRAE_IMPLAUSIBLE', where, missing(gaps))]),
  ];
}

/** Place of a vertebra in the spine; -1 for other structures. */
function levelOf(name: string): number {
  const standard = STANDARD.exec(harmonise(name).standardName ?? '');
  return standard ? SPINE.indexOf(`${standard[1]}${standard[2]}`) : -1;
}

function between(above: number, below: number): number[] {
  return SPINE.map((_, level) => level).slice(above + 1, below);
}

function missing(gaps: number[]): string {
  return `between the vertebrae that were found ${gaps.map((level) => SPINE[level]).join(', ')} ${gaps.length === 1 ? 'is' : 'are'} missing`;
}
