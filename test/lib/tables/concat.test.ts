import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PipelineError } from '#lib/errors.ts';
import { concatTables, unionColumns } from '#lib/tables/concat.ts';
import { type Column, column } from '#lib/tables/table.ts';

const listOf = (names: string): Column[] => [...names].map((name) => column(name, 'double', `Value ${name}.`));
const namesOf = (columns: Column[]) => columns.map((c) => c.name).join('');

const unions: [string[], string][] = [
  [['abc'], 'abc'],
  [['abd', 'acd'], 'abcd'],
  [['ad', 'abcd'], 'abcd'],
  [['xy', 'ab'], 'abxy'],
  [['ab', 'ba'], 'ab'],
  [['', 'ab'], 'ab'],
  [['abz', 'acz', 'aqz'], 'abcqz'],
];
for (const [lists, expected] of unions) {
  test(`the union of the columns ${lists.join(' and ')} is ${expected} in any order of the parts`, () => {
    assert.equal(namesOf(unionColumns(lists.map(listOf))), expected);
    assert.equal(namesOf(unionColumns(lists.toReversed().map(listOf))), expected);
  });
}

test('parts that disagree on type or unit of a column are an error', () => {
  const lists = [[column('dose', 'double', 'D.', 'Gy')], [column('dose', 'double', 'D.', 'cGy')]];
  assert.throws(() => unionColumns(lists), PipelineError);
});

test('the rows of a concatenated table do not depend on the order of its parts', () => {
  const columns = [column('dose_gy', 'double', 'D.'), column('course_id', 'string', 'C.'), column('n', 'int', 'N.')];
  const part = (course_id: string) => ({
    columns,
    rows: [10, 9, -1].map((dose_gy) => ({ course_id, dose_gy, n: null })),
  });
  const forward = concatTables('dvh_curves', ['course_id', 'dose_gy'], [part('b'), part('a'), part('B')]);
  const backward = concatTables('dvh_curves', ['course_id', 'dose_gy'], [part('B'), part('a'), part('b')]);
  assert.deepEqual(forward, backward);
  assert.deepEqual(
    forward.rows.map((row) => `${row.course_id}${row.dose_gy}`),
    ['B-1', 'B9', 'B10', 'a-1', 'a9', 'a10', 'b-1', 'b9', 'b10'],
  );
});
