import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv } from '#lib/tables/csv.ts';
import { column, type Row } from '#lib/tables/table.ts';
import { EXAMPLE_TABLE } from '#test/fixtures/example-table.ts';

const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

test('CSV follows RFC 4180 and keeps every digit of a double', () => {
  assert.equal(
    text(toCsv(EXAMPLE_TABLE)),
    [
      'patient_id,roi_number,D0.03cc[Gy],V20Gy[%],cropped,planned_at,remark',
      'A-1,1,0.30000000000000004,,true,2024-03-01T10:20:30,',
      '"Müller, ""Jörg""",9007199254740991,-1e-300,,,,',
      "'=1+1,,,,false,,",
      '',
    ].join('\r\n'),
  );
});

test('text that a spreadsheet would execute is guarded, numbers are not', () => {
  const columns = [column('text', 'string', 'T.'), column('number', 'double', 'N.')];
  const cases: [string, string][] = [
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+49', "'+49"],
    ['-PTV', "'-PTV"],
    ['@SUM', "'@SUM"],
    ['\tx', `'\tx`],
    ['', '""'],
    [' left', '" left"'],
    ['a\nb', '"a\nb"'],
    ['a=b', 'a=b'],
  ];
  const rows: Row[] = cases.map(([value]) => ({ text: value, number: -1.5 }));
  const expected = cases.map(([, field]) => `${field},-1.5\r\n`).join('');
  assert.equal(text(toCsv({ name: 't', key: ['text'], columns, rows })), `text,number\r\n${expected}`);
});
