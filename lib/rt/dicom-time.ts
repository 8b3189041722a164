import { MS_PER_S } from '../units.ts';

/**
 * A DICOM DT value (YYYYMMDDHHMMSS.FFFFFF&ZZXX, PS3.5 6.2) as seconds since 1970 on the clock of its study; undefined unless
 * it names at least the minute. A value with a zone is brought to `studyZone`, the study's TimezoneOffsetFromUTC
 * (PS3.3 C.12.1.1.8). Without that its digits count as they stand.
 */
export function dateTimeSeconds(text: string, studyZone = ''): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}(?:\.\d*)?)?/.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const written = Date.UTC(year, month - 1, day) / MS_PER_S + hour * 3600 + minute * 60 + second;
  const [from, to] = [zoneSeconds(zoneOf(text)), zoneSeconds(studyZone)];
  return from === undefined || to === undefined ? written : written - from + to;
}

/** DA and TM values, also in their old spellings 2020.01.31 and 12:30:00. They have no zone: the study's clock. */
export function dateAndTimeSeconds(date: string, time: string): number | undefined {
  return dateTimeSeconds(date.replaceAll('.', '') + time.replaceAll(':', ''));
}

/** The zone that a DT value ends with, such as +0100; '' when it has none. */
export function zoneOf(text: string): string {
  return /[+-]\d{4}$/.exec(text)?.[0] ?? '';
}

/** The day of a moment as a DA value. */
export function dayOf(seconds: number): string {
  return new Date(seconds * MS_PER_S).toISOString().slice(0, 10).replaceAll('-', '');
}

function zoneSeconds(zone: string): number | undefined {
  const parts = /^([+-])(\d{2})(\d{2})$/.exec(zone.trim());
  if (!parts) return undefined;
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 3600 + Number(parts[3]) * 60);
}
