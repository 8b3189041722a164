import { VERSION } from '../code-version.ts';
import type { DataSet } from '../dicom/data-set.ts';
import type { Encoding } from '../dicom/recognise.ts';
import { asciiValue } from './dummies.ts';
import { elementHeader, itemHeader, joined, lengthOf } from './encode.ts';
import { BASIC_PROFILE, PROFILE_OPTIONS, type ProfileOption } from './profile.ts';

/**
 * The elements that say what was done (PS3.15 section E.1.1, PS3.3 C.7.1.1 and C.12.1): identity removed, method,
 * codes of profile and options (CID 7050), and what became of dates.
 */
export function methodElements(
  options: ReadonlySet<ProfileOption>,
  dataSet: DataSet,
  encoding: Encoding,
): [tag: string, bytes: Uint8Array][] {
  const text = (tag: string, vr: string, value: string) => textElement(tag, vr, value, encoding);
  const codes = [BASIC_PROFILE, ...[...options].map((option) => PROFILE_OPTIONS[option])];
  const items = codes
    .toSorted((a, b) => Number(a.code) - Number(b.code))
    .map(({ code, meaning }) => {
      const item = [text('x00080100', 'SH', code), text('x00080102', 'SH', 'DCM'), text('x00080104', 'LO', meaning)];
      return joined([itemHeader(lengthOf(item), encoding), ...item]);
    });
  return [
    ['x00120062', text('x00120062', 'CS', 'YES')],
    ['x00120063', text('x00120063', 'LO', `rtpipeline ${VERSION}, PS3.15 2024b`)],
    ['x00120064', joined([elementHeader('x00120064', 'SQ', lengthOf(items), encoding), ...items])],
    ['x00280303', text('x00280303', 'CS', temporalInformation(options, dataSet))],
  ];
}

/** What was moved or removed before stays so. */
function temporalInformation(options: ReadonlySet<ProfileOption>, dataSet: DataSet): string {
  if (options.has('modified-dates')) return 'MODIFIED';
  if (!options.has('full-dates')) return 'REMOVED';
  return dataSet.text('LongitudinalTemporalInformationModified') || 'UNMODIFIED';
}

function textElement(tag: string, vr: string, value: string, encoding: Encoding): Uint8Array {
  const bytes = asciiValue(value, vr);
  return joined([elementHeader(tag, vr, bytes.length, encoding), bytes]);
}
