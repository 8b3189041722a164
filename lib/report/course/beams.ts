import { formatCell } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { dataTable } from '../parts.ts';
import { nameOf } from '../roi-names.ts';
import type { CoursePage } from './subject.ts';

/** The beams that treat, of every plan of the course. */
export function beams({ details }: CoursePage): Markup | undefined {
  if (details.beams.length === 0) return undefined;
  const rows = details.beams.map(({ collimatorDeg = null, couchDeg = null, meterset = null, ...beam }) => ({
    ...beam,
    ...{ collimatorDeg, couchDeg, meterset },
  }));
  return html`${dataTable(
    [
      { head: 'Plan', cell: ({ planUid }) => nameOf(planUid, details.names) },
      { head: 'Beam', cell: ({ name }) => name },
      { head: 'Kind', cell: ({ kind }) => kind },
      { head: 'Energy', cell: ({ energies }) => energies },
      { head: 'Gantry', unit: '°', cell: ({ gantry }) => gantry },
      { head: 'Collimator', unit: '°', numeric: true, cell: ({ collimatorDeg }) => formatCell(collimatorDeg) },
      { head: 'Couch', unit: '°', numeric: true, cell: ({ couchDeg }) => formatCell(couchDeg) },
      {
        head: 'Meterset',
        numeric: true,
        cell: ({ meterset, metersetUnit }) => (meterset === null ? '–' : `${formatCell(meterset)} ${metersetUnit}`),
      },
    ],
    rows,
    'Beams',
  )}`;
}
