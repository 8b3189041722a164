import type { Cell } from '../tables/table.ts';

/** A value as a person reads it: decimals by the unit, the same on every machine. No value is an en dash. */
export function formatCell(cell: Cell | undefined, unit = ''): string {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return '–';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return typeof cell === 'number' ? formatNumber(cell, unit) : cell;
}

function formatNumber(value: number, unit: string): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = unit === '' && Number.isInteger(value) ? String(value) : rounded(value, unit);
  return text.replace('-', '−');
}

function rounded(value: number, unit: string): string {
  const size = Math.abs(value);
  if (unit === 'Gy') return value.toFixed(2);
  if (unit === '%') return value.toFixed(1);
  if (unit === 'cc') return value.toFixed(size < 1 ? 3 : size < 100 ? 2 : 1);
  if (unit === 's' || unit === 'MiB') return value.toFixed(size < 10 ? 1 : 0);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential(2);
  return size >= 1e4 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/** 1234567 -> 1 234 567, with thin spaces. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US').replaceAll(',', '\u2009');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The minute of an ISO timestamp in UTC: 2024-05-06T07:08:09.123Z -> 2024-05-06 07:08 UTC. Other text stays as it is. */
export function formatMinute(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*Z$/, '$1 $2 UTC');
}

/** The day of an ISO timestamp. */
export function formatDay(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell.slice(0, 10) : '';
}

/** `Mean[Gy]` -> name and unit. */
export function splitUnit(column: string): { name: string; unit: string } {
  const match = /^(.*)\[([^[\]]+)\]$/s.exec(column);
  return match ? { name: match[1], unit: match[2] } : { name: column, unit: '' };
}
