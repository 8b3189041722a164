import { formatCell } from '../format.ts';
import type { Markup } from '../html.ts';
import { chip, dataColumn, dataTable } from '../parts.ts';
import type { CoursePage } from './subject.ts';

/** How well two structures of one name from different sources agree. */
export function agreement({ course }: CoursePage): Markup | undefined {
  const rows = course.rows('agreement');
  if (rows.length === 0) return undefined;
  return dataTable(
    [
      { head: 'Structure', cell: (row) => row.roi_name },
      { head: 'Source', cell: (row) => row.source },
      { head: 'Other', cell: (row) => row.other_roi_name },
      { head: 'Source', cell: (row) => row.other_source },
      { head: 'Status', cell: (row) => row.status && chip(row.status) },
      { ...dataColumn('dice'), head: 'Dice' },
      { ...dataColumn('surface_dice'), head: 'Surface Dice' },
      { head: 'Hausdorff 95', unit: 'mm', numeric: true, cell: (row) => formatCell(row.hausdorff95_mm) },
      { head: 'Volume ratio', numeric: true, cell: (row) => formatCell(row.volume_ratio) },
      { head: 'Centres apart', unit: 'mm', numeric: true, cell: (row) => formatCell(row.centroid_distance_mm) },
      { head: 'Added path', unit: 'mm', numeric: true, cell: (row) => formatCell(row.added_path_length_mm) },
    ],
    rows,
    'Agreement of structures',
  );
}
