/** `timestamp` cells are ISO 8601 strings; `int` cells are safe integers. */
export type ColumnType = 'string' | 'double' | 'int' | 'boolean' | 'timestamp';

/** A column as the data dictionary explains it. */
export interface Column {
  name: string;
  type: ColumnType;
  /** One sentence: what the value means. */
  meaning: string;
  /** `Gy`, `cc`, `mm`, `HU`, `%`, ... or '' for a pure number or text. */
  unit: string;
  /** Where the definition comes from: a DICOM tag, an IBSI code, a report, a DOI; or ''. */
  source: string;
}

/** null and NaN both mean "no value". */
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;

/** Rows of one kind. A cell that `columns` does not name is an error of the writer, not data. */
export interface Table {
  name: string;
  /** Names of the columns that tell the rows apart: no two rows agree in all of them. Rows are published in their order. */
  key: string[];
  columns: Column[];
  rows: Row[];
}

/** A table without its rows. */
export type TableHead = Omit<Table, 'rows'>;

export function column(name: string, type: ColumnType, meaning: string, unit = '', source = ''): Column {
  return { name, type, meaning, unit, source };
}
