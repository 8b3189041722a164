import { BadInput } from '../errors.ts';
import { ownKeys } from '../own-keys.ts';

export type QueryLevel = 'study' | 'series' | 'instance';

/** Attribute by keyword to the value that is looked for; DICOM's wildcards and ranges are allowed. */
export type Query = Record<string, string>;

interface QueryAttribute {
  /** Eight hexadecimal digits. */
  tag: string;
  level: QueryLevel;
  /** Exact values alone name one thing: names, dates and texts are matched in ways of their own. */
  isIdentifier: boolean;
}

function attribute(tag: string, level: QueryLevel, isIdentifier = false): QueryAttribute {
  return { tag, level, isIdentifier };
}

/** What may be asked for, PS3.4 tables C.6-1 to C.6-5: where a patient's attributes are matched with those of the study. */
export const QUERY_ATTRIBUTES: Record<string, QueryAttribute> = ownKeys({
  PatientID: attribute('00100020', 'study', true),
  PatientName: attribute('00100010', 'study'),
  PatientBirthDate: attribute('00100030', 'study'),
  PatientSex: attribute('00100040', 'study'),
  IssuerOfPatientID: attribute('00100021', 'study', true),
  StudyInstanceUID: attribute('0020000D', 'study', true),
  StudyDate: attribute('00080020', 'study'),
  StudyTime: attribute('00080030', 'study'),
  StudyID: attribute('00200010', 'study', true),
  StudyDescription: attribute('00081030', 'study'),
  AccessionNumber: attribute('00080050', 'study', true),
  ModalitiesInStudy: attribute('00080061', 'study'),
  ReferringPhysicianName: attribute('00080090', 'study'),
  NumberOfStudyRelatedInstances: attribute('00201208', 'study'),
  Modality: attribute('00080060', 'series', true),
  SeriesInstanceUID: attribute('0020000E', 'series', true),
  SeriesNumber: attribute('00200011', 'series', true),
  SeriesDescription: attribute('0008103E', 'series'),
  NumberOfSeriesRelatedInstances: attribute('00201209', 'series'),
  SOPInstanceUID: attribute('00080018', 'instance', true),
  SOPClassUID: attribute('00080016', 'instance', true),
  InstanceNumber: attribute('00200013', 'instance', true),
});

/**
 * The queries that `Keyword=value` texts make: several attributes must hold together, several values of one attribute make a
 * query each.
 * @throws BadInput when they ask for nothing, or by a name that is none
 */
export function queriesOf(texts: string[]): Query[] {
  if (texts.length === 0)
    throw new BadInput('--query is missing: use --query PatientID=..., or --query PatientID=* for everything');
  const values = new Map<string, Set<string>>();
  for (const text of texts) {
    const [keyword, ...parts] = text.split('=').map((part) => part.trim());
    const value = parts.join('=');
    if (keyword === '' || value === '') throw new BadInput('--query must be Keyword=value, such as PatientID=4711');
    if (!(keyword in QUERY_ATTRIBUTES))
      throw new BadInput(`--query cannot use ${keyword}; use one of ${Object.keys(QUERY_ATTRIBUTES).join(', ')}`);
    values.set(keyword, (values.get(keyword) ?? new Set()).add(value));
  }
  return [...values].reduce<Query[]>(
    (queries, [keyword, several]) =>
      [...several].flatMap((value) => queries.map((query) => ({ ...query, [keyword]: value }))),
    [{}],
  );
}

/** The part of a query that is matched at a level. */
export function queryAt(query: Query, level: QueryLevel): Query {
  return Object.fromEntries(Object.entries(query).filter(([keyword]) => QUERY_ATTRIBUTES[keyword].level === level));
}

export function isEmptyQuery(query: Query): boolean {
  return Object.keys(query).length === 0;
}

/**
 * Servers may ignore what they cannot match and answer with everything (PS3.4 C.2.2.2, PS3.18 section 8.3.4.1): other
 * patients would come in.
 * @param valueIn value of an attribute in the answer; '' where the answer leaves it out
 * @throws BadInput when the answer is plainly of something else
 */
export function requireMatch(query: Query, valueIn: (keyword: string) => string): void {
  for (const [keyword, wanted] of Object.entries(query)) {
    const got = valueIn(keyword);
    const isExact = QUERY_ATTRIBUTES[keyword].isIdentifier && !/[*?\\]/.test(wanted);
    if (isExact && got !== '' && got.toLowerCase() !== wanted.toLowerCase())
      throw new BadInput(`the archive ignores ${keyword} of the query and returns other objects: nothing was fetched`);
  }
}
