/**
 * A DA, DT or TM value with its date moved by whole days; its time of day stays. undefined when it is no date or time
 * that can be moved: a part of a date, a range, free text.
 */
export function shiftTemporal(value: string, vr: string, days: number): string | undefined {
  if (value === '') return value;
  if (vr === 'TM') return /^[\d:.]+$/.test(value) ? value : undefined;
  const match = /^(\d{4})(\.?)(\d{2})\2(\d{2})(.*)$/.exec(value);
  if (!match || !(vr === 'DA' ? /^$/ : /^[\d.]*([+-]\d{4})?$/).test(match[5])) return undefined;
  const [, year, point, month, day, rest] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1) return undefined;
  date.setUTCDate(date.getUTCDate() + days);
  const two = (number: number) => String(number).padStart(2, '0');
  const shifted = [date.getUTCFullYear(), two(date.getUTCMonth() + 1), two(date.getUTCDate())].join(point);
  return `${shifted}${rest}`;
}
