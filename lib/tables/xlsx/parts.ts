import { HEADER_ROWS, type Page } from './pages.ts';
import { columnName, DECLARATION, escaped, opened } from './xml.ts';

/** Places of the cell formats in `styles`. */
export const STYLE = { plain: 0, header: 1, unit: 2, int: 3, decimal: 4, power: 5, date: 6, dateTime: 7 } as const;

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export function contentTypes(sheets: number): string {
  const overrides = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...Array.from({ length: sheets }, (_, n) => [`/xl/worksheets/sheet${n + 1}.xml`, 'worksheet']),
  ].map(([part, type]) => `<Override PartName="${part}" ContentType="${SPREADSHEET}.${type}+xml"/>`);
  return `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`;
}

export function packageRelations(): string {
  return relations([`<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>`]);
}

export function workbookRelations(sheets: number): string {
  const ofSheets = Array.from(
    { length: sheets },
    (_, n) => `<Relationship Id="rId${n + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`,
  );
  return relations([...ofSheets, `<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`]);
}

function relations(items: string[]): string {
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

/** The names of the sheets, and where their filters reach, which Excel wishes to know here too. The first has none. */
export function workbook(names: string[], pages: Page[]): string {
  const sheets = names.map((name, n) => `<sheet name="${escaped(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`);
  const filters = pages.map(({ columns, rows }, n) => {
    const sheet = `'${escaped(names[n + 1]).replaceAll("'", "''")}'`;
    const range = `$A$${HEADER_ROWS}:$${columnName(columns.length - 1)}$${rows + HEADER_ROWS}`;
    return `<definedName name="_xlnm._FilterDatabase" localSheetId="${n + 1}" hidden="1">${sheet}!${range}</definedName>`;
  });
  return `${opened('workbook')}<sheets>${sheets.join('')}</sheets>${filters.length > 0 ? `<definedNames>${filters.join('')}</definedNames>` : ''}</workbook>`;
}

const [DATE, DATE_TIME] = [164, 165];
/** Built-in formats of ECMA-376, 18.8.30. */
const [WHOLE, POWER] = [1, 11];
const DECIMAL = 166;

/** In the order of `STYLE`. */
export function styles(): string {
  const formats = [
    [DATE, 'yyyy\\-mm\\-dd'],
    [DATE_TIME, 'yyyy\\-mm\\-dd\\ hh:mm:ss'],
    [DECIMAL, '0.000'],
  ].map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`);
  const font = (style: string) => `<font>${style}<sz val="11"/><name val="Calibri"/></font>`;
  const cells = [
    [0, 0],
    [0, 1],
    [0, 2],
    [WHOLE, 0],
    [DECIMAL, 0],
    [POWER, 0],
    [DATE, 0],
    [DATE_TIME, 0],
  ].map(
    ([format, fontId]) =>
      `<xf numFmtId="${format}" fontId="${fontId}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
  );
  return [
    opened('styleSheet'),
    `<numFmts count="${formats.length}">${formats.join('')}</numFmts>`,
    `<fonts count="3">${font('')}${font('<b/>')}${font('<i/>')}</fonts>`,
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>`,
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    '</styleSheet>',
  ].join('');
}
