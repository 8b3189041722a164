const MS_PER_DAY = 86_400_000;

/**
 * A DICOM date (DA: YYYYMMDD; also the retired YYYY.MM.DD, and YYYY-MM-DD or DD-MM-YYYY as some exports write it) as
 * YYYY-MM-DD; '' when it is absent or no day of the calendar.
 */
export function isoDate(text: string): string {
  const day = text.trim();
  const ymd = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})/.exec(day);
  const dmy = /^(\d{2})-(\d{2})-(\d{4})$/.exec(day);
  const [year, month, date] = ymd ? [ymd[1], ymd[2], ymd[3]] : dmy ? [dmy[3], dmy[2], dmy[1]] : ['', '', ''];
  return isDay(Number(year), Number(month), Number(date)) ? `${year}-${month}-${date}` : '';
}

/** A DICOM time (TM: HH[MM[SS[.F]]], colons of the retired form allowed) as HH:MM:SS; '' when it is no time. */
export function isoTime(text: string): string {
  const match = /^([01]\d|2[0-3])(?::?([0-5]\d)(?::?([0-5]\d|60))?)?/.exec(text.trim());
  return match ? `${match[1]}:${match[2] ?? '00'}:${match[3] ?? '00'}` : '';
}

/** Days from one YYYY-MM-DD to another; NaN when either is ''. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_DAY;
}

function isDay(year: number, month: number, date: number): boolean {
  if (year < 1 || month < 1 || month > 12 || date < 1) return false;
  return date <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
