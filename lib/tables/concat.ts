import { PipelineError } from '../errors.ts';
import { sortRows } from './sort.ts';
import type { Column, Table } from './table.ts';

/**
 * One table from the parts that the courses wrote. Columns are the union of the parts' columns, rows are sorted by `key`:
 * the result does not depend on the order of `parts`.
 * @throws PipelineError when parts disagree on the type or unit of a column
 */
export function concatTables(name: string, key: string[], parts: Pick<Table, 'columns' | 'rows'>[]): Table {
  const columns = unionColumns(parts.map((part) => part.columns));
  return sortRows({ name, key, columns, rows: parts.flatMap((part) => part.rows) });
}

/**
 * The union of column lists in an order that keeps each list's own order where the lists do not contradict each other.
 * Among columns free to come next, one that follows the last in some list comes first, then the one furthest to the left
 * in some list, then by name.
 * @throws PipelineError when two lists disagree on the type or unit of a column
 */
export function unionColumns(lists: Column[][]): Column[] {
  const distinct = [...new Map(lists.map((list) => [list.map((c) => c.name).join('\n'), list])).values()];
  const columns = mergeDefinitions(lists);
  const position = leftmostPositions(distinct);
  const waitsFor = new Map([...columns.keys()].map((name) => [name, new Set<string>()]));
  for (const list of distinct) {
    for (let i = 1; i < list.length; i++) waitsFor.get(list[i].name)?.add(list[i - 1].name);
  }
  const byPosition = [...columns.keys()].sort((a, b) => position[a] - position[b] || (a < b ? -1 : 1));
  return takeInOrder(byPosition, waitsFor).map((name) => columns.get(name) as Column);
}

function mergeDefinitions(lists: Column[][]): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const column of lists.flat()) {
    const known = columns.get(column.name) ?? column;
    if (known.type !== column.type || known.unit !== column.unit) {
      throw new PipelineError(
        `parts disagree on column ${column.name}: ${known.type} [${known.unit}] and ${column.type} [${column.unit}]`,
      );
    }
    columns.set(column.name, known.meaning <= column.meaning ? known : column);
  }
  return columns;
}

function leftmostPositions(lists: Column[][]): Record<string, number> {
  const position: Record<string, number> = {};
  for (const list of lists) {
    list.forEach(({ name }, index) => {
      position[name] = Math.min(position[name] ?? index, index);
    });
  }
  return position;
}

function firstOf(names: string[], isFree: (name: string) => boolean): string {
  return names.find(isFree) ?? names[0];
}

/** Lists that contradict each other (a before b, b before a) leave nothing free: then the leftmost goes. */
function takeInOrder(names: string[], waitsFor: Map<string, Set<string>>): string[] {
  const left = new Map(names.map((name) => [name, waitsFor.get(name)?.size ?? 0]));
  const followers = new Map<string, string[]>();
  for (const name of names)
    for (const other of waitsFor.get(name) ?? []) followers.set(other, [...(followers.get(other) ?? []), name]);
  const isFree = (name: string) => left.get(name) === 0;
  const taken: string[] = [];
  let last = '';
  while (left.size > 0) {
    const next = followers.get(last)?.find(isFree) ?? firstOf([...left.keys()], isFree);
    taken.push(next);
    left.delete(next);
    for (const name of followers.get(next) ?? []) if (left.has(name)) left.set(name, left.get(name)! - 1);
    last = next;
  }
  return taken;
}
