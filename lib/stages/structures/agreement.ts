import type { StageContext } from '../../course-store/context.ts';
import { gridOf, type ImageRecord } from '../../course-store/images.ts';
import { writeJson } from '../../course-store/json.ts';
import { readMask, roiIdentity, type StructureRecord } from '../../course-store/structures.ts';
import type { TablePart } from '../../course-store/table-part.ts';
import { emptyMask } from '../../image/mask.ts';
import { courseCells } from '../../rt/row-identity.ts';
import { courseKeys } from '../../store/keys.ts';
import { AGREEMENT_COLUMNS, agreementRows, type ComparedStructure } from '../../structures/agreement-table.ts';
import type { Row } from '../../tables/table.ts';
import type { StructuresConfig, StructuresCourse } from './inputs.ts';

/** Writes how manual structures agree with those of models that have the same standard name and lie on the same image. */
export async function writeAgreement(
  course: StructuresCourse,
  images: ImageRecord[],
  records: StructureRecord[],
  config: StructuresConfig,
  context: StageContext,
): Promise<void> {
  const rows: Row[] = [];
  for (const image of images) {
    if (!image.grid) continue;
    const compared: ComparedStructure[] = [];
    for (const record of comparable(records.filter(({ imageNumber }) => imageNumber === image.number))) {
      const grid = gridOf(image.grid);
      const mask = record.status === 'ok' ? await readMask(context.store, record, grid) : emptyMask(grid);
      compared.push({ identity: roiIdentity(course, record), mask });
    }
    context.signal.throwIfAborted();
    const found = agreementRows(compared, config.structures.agreement_tolerance_mm);
    rows.push(...found.map((row) => ({ ...courseCells(course), ...row })));
  }
  const part: TablePart = { columns: AGREEMENT_COLUMNS, rows };
  await writeJson(context.store, courseKeys(course.courseId).part('structures', 'agreement'), part);
}

/** Derived structures are left out: they are made of those that they would be compared with. */
function comparable(records: StructureRecord[]): StructureRecord[] {
  const groups = Map.groupBy(
    records.filter(({ standardName, source }) => standardName !== null && source !== 'derived'),
    ({ standardName }) => standardName,
  );
  return [...groups.values()]
    .filter((group) => new Set(group.map(({ source }) => source === 'manual')).size === 2)
    .flat();
}
