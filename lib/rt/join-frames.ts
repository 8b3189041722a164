import { type Finding, finding } from '../findings.ts';
import { greatestDistanceMm, IDENTITY4, invertRigid, type Matrix4, multiplyMatrices } from './matrix4.ts';
import { type Registration, SAME_MOTION_MM } from './registration.ts';

/** A rigid motion between two frames of reference. */
export interface Join {
  /** Takes points of the one frame to the other. */
  matrix: Matrix4;
  /** The registrations that it is made of, from the first frame on. */
  registrationUids: string[];
  findings: Finding[];
}

/** Why two frames of reference cannot be joined. */
export interface NoJoin {
  matrix?: undefined;
  reason: string;
  findings: Finding[];
}

/** How points of one frame of reference come to another. */
export type JoinFrames = (from: string, to: string) => Join | NoJoin;

/**
 * The rigid motion from one frame of reference to another by all registrations of a patient: by one registration, in
 * either direction or through its common frame; else by the shortest chain of them. Of several that speak of the same
 * two frames and differ, the newest counts, with a finding; when no date tells them apart, none does.
 */
export function joinFrames(registrations: Registration[], from: string, to: string): Join | NoJoin {
  if (from === to) return { matrix: IDENTITY4, registrationUids: [], findings: [] };
  const direct = step(registrations, from, to);
  if (direct && (direct.matrix || direct.isContradictory)) return direct;
  return chain(registrations, from, to, direct);
}

/** The matrix of `joinFrames`; undefined where there is none. */
export function rigidTransform(registrations: Registration[], from: string, to: string): Matrix4 | undefined {
  return joinFrames(registrations, from, to).matrix;
}

type Step = Join | (NoJoin & { isContradictory: boolean });

/** What the registrations that speak of both frames say; undefined when none does. */
function step(registrations: Registration[], from: string, to: string): Step | undefined {
  const speaking = registrations.flatMap((registration) => {
    const motion = motionOf(registration, from, to);
    return motion ? [{ registration, ...motion }] : [];
  });
  if (speaking.length === 0) return undefined;
  const valid = speaking.flatMap(({ registration, matrix }) => (matrix ? [{ registration, matrix }] : []));
  if (valid.length === 0) return { reason: reasonOf(speaking), findings: [], isContradictory: false };
  return newestOf(valid);
}

function reasonOf(refused: { registration: Registration; problem?: string }[]): string {
  const problems = refused.map(({ registration, problem }) => `${registration.sopInstanceUid}: ${problem}`);
  return `the registration of the two frames cannot be used (${problems.join('; ')})`;
}

interface Valid {
  registration: Registration;
  matrix: Matrix4;
}

function newestOf(valid: Valid[]): Step {
  const stamp = ({ registration }: Valid) => `${registration.date} ${registration.time}`;
  const ordered = valid.toSorted((a, b) => compare(stamp(b), stamp(a)) || compare(uidOf(a), uidOf(b)));
  const [newest] = ordered;
  const differing = ordered.filter((other) => greatestDistanceMm(other.matrix, newest.matrix) > SAME_MOTION_MM);
  const undated = differing.filter((other) => stamp(other) === stamp(newest) || other.registration.date === '');
  if (undated.length > 0) {
    const uids = [newest, ...undated].map(uidOf).join(', ');
    const message = `registrations ${uids} of the same two frames differ, and their dates do not decide: none is used`;
    return { reason: message, findings: [contradiction(uidOf(newest), message)], isContradictory: true };
  }
  const findings = differing.map((older) => {
    const mm = greatestDistanceMm(older.matrix, newest.matrix).toPrecision(3);
    const message = `it moves points up to ${mm} mm elsewhere than the newer registration ${uidOf(newest)} of the same frames, which is used`;
    return finding('REGISTRATION_SUPERSEDED', uidOf(older), message);
  });
  return { matrix: newest.matrix, registrationUids: [uidOf(newest)], findings };
}

function uidOf({ registration }: Valid): string {
  return registration.sopInstanceUid;
}

function contradiction(where: string, message: string): Finding {
  return finding('REGISTRATIONS_CONTRADICT', where, message);
}

/** More chains of one length than this are not compared. */
const MOST_CHAINS = 64;

/** Frame by frame away from the first; chains of the same length that lead elsewhere are refused. */
function chain(registrations: Registration[], from: string, to: string, direct: Step | undefined): Join | NoJoin {
  const frames = new Set(registrations.flatMap(framesOf));
  const seen = new Set([from]);
  let reached: { frame: string; join: Join }[] = [
    { frame: from, join: { matrix: IDENTITY4, registrationUids: [], findings: [] } },
  ];
  while (reached.length > 0 && reached.length <= MOST_CHAINS) {
    const next = reached.flatMap(({ frame, join }) =>
      [...frames]
        .filter((other) => !seen.has(other))
        .flatMap((other) => {
          const further = step(registrations, frame, other);
          return further?.matrix ? [{ frame: other, join: append(join, further) }] : [];
        }),
    );
    const arrived = next.filter(({ frame }) => frame === to).map(({ join }) => join);
    if (arrived.length > 0) return sameOf(arrived);
    for (const { frame } of next) seen.add(frame);
    reached = next;
  }
  return direct && !direct.matrix
    ? direct
    : { reason: 'no registration links the two frames of reference', findings: [] };
}

function append(join: Join, further: Join): Join {
  return {
    matrix: multiplyMatrices(further.matrix, join.matrix),
    registrationUids: [...join.registrationUids, ...further.registrationUids],
    findings: [...join.findings, ...further.findings],
  };
}

function sameOf(joins: Join[]): Join | NoJoin {
  const [first] = joins;
  const other = joins.find(({ matrix }) => greatestDistanceMm(matrix, first.matrix) > SAME_MOTION_MM);
  if (!other) return first;
  const message = `the chains of registrations ${first.registrationUids.join(', ')} and ${other.registrationUids.join(', ')} lead to different places: none is used`;
  return { reason: message, findings: [contradiction(first.registrationUids[0], message)] };
}

/** What one registration says of two frames: a matrix or a problem; undefined when it does not speak of both. */
function motionOf(
  registration: Registration,
  from: string,
  to: string,
): { matrix?: Matrix4; problem?: string } | undefined {
  const toCommon = toCommonFrame(registration, from);
  const fromCommon = toCommonFrame(registration, to);
  if (!toCommon || !fromCommon) return undefined;
  if (!toCommon.matrix || !fromCommon.matrix) return { problem: toCommon.problem ?? fromCommon.problem };
  return { matrix: multiplyMatrices(invertRigid(fromCommon.matrix), toCommon.matrix) };
}

function toCommonFrame(registration: Registration, frame: string): { matrix?: Matrix4; problem?: string } | undefined {
  const items = registration.items.filter((item) => item.frameOfReferenceUid === frame);
  if (frame === registration.frameOfReferenceUid) {
    const stays = items.length === 0 || items.some(({ matrix }) => matrix && isStill(matrix));
    return stays ? { matrix: IDENTITY4 } : { problem: 'it moves its own frame of reference' };
  }
  if (items.length === 0) return undefined;
  const refused = items.find((item) => !item.matrix);
  if (refused) return { problem: refused.problem };
  const [first, ...others] = items.map((item) => item.matrix!);
  const differs = others.some((other) => greatestDistanceMm(other, first) > SAME_MOTION_MM);
  return differs ? { problem: 'two of its items move the same frame to different places' } : { matrix: first };
}

/** Whether a motion moves nothing. */
export function isStill(matrix: Matrix4): boolean {
  return greatestDistanceMm(matrix, IDENTITY4) <= SAME_MOTION_MM;
}

/** The frames of reference that a registration names. */
export function framesOf(registration: Registration): string[] {
  const named = [registration, ...registration.items].map((item) => item.frameOfReferenceUid);
  return [...new Set(named.filter(Boolean))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
