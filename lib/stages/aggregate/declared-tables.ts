import type { Config } from '../../config.ts';
import { caseMetadataTable } from '../../organize/case-metadata/table.ts';
import { dosesTable, fractionsTable, unassignedTable } from '../../organize/organize-tables.ts';
import { patientsTable } from '../../organize/patients-table.ts';
import { SUMMARY_COLUMNS, SUMMARY_KEY } from '../../robustness/columns.ts';
import type { TableHead } from '../../tables/table.ts';
import { courseTableHeads } from './course-tables.ts';
import { findingsTable } from './findings-table.ts';
import { STAGE_KEY, STATUS_COLUMNS, TIMING_COLUMNS } from './result-tables.ts';

/** Every table of a run with this configuration, but `robustness_values`, before there is a row of it. */
export async function declaredTables(config: Config): Promise<TableHead[]> {
  const tables: TableHead[] = [
    ...[patientsTable([]), caseMetadataTable([]), dosesTable([]), fractionsTable([]), unassignedTable([])],
    ...(await courseTableHeads(config)),
    { name: 'robustness_summary', key: SUMMARY_KEY, columns: SUMMARY_COLUMNS },
    findingsTable({ upload: [], courses: [], cohort: [], tables: [] }),
    { name: 'status', key: STAGE_KEY, columns: STATUS_COLUMNS },
    { name: 'timings', key: STAGE_KEY, columns: TIMING_COLUMNS },
  ];
  return tables.map(({ name, key, columns }) => ({ name, key, columns }));
}
