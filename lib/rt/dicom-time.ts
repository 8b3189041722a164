import { MS_PER_S } from '../units.ts';

/**
 * A DICOM DT value (YYYYMMDDHHMMSS.FFFFFF&ZZXX, PS3.5 6.2) in seconds since 1970; undefined unless it names at least the
 * minute. The zone is left aside: dates and times of one study come in one local time.
 */
export function dateTimeSeconds(text: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}(?:\.\d*)?)?/.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(year, month - 1, day) / MS_PER_S + hour * 3600 + minute * 60 + second;
}

/** DA and TM values, also in their old spellings 2020.01.31 and 12:30:00. */
export function dateAndTimeSeconds(date: string, time: string): number | undefined {
  return dateTimeSeconds(date.replaceAll('.', '') + time.replaceAll(':', ''));
}
