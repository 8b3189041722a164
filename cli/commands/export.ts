import type { Command } from 'commander';
import { BadInput } from '#lib/errors.ts';
import { openStore } from '#lib/store/open.ts';
import { exportBids } from '../export/bids.ts';
import { exportedCourses } from '../export/courses.ts';
import { type ExportResult, exportFolder } from '../export/folder.ts';
import { exportNnunet } from '../export/nnunet.ts';
import { exportSlicer } from '../export/slicer.ts';
import { exportReports } from '../export/structured-report.ts';
import { requireRun } from '../run-status.ts';

interface ExportCommand {
  to: string;
  out: string;
  source: string;
  structures?: string[];
  dataset: string;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .argument('<run>', 'output folder or s3:// prefix of the run')
    .requiredOption(
      '--to <layout>',
      'slicer (3D Slicer, ITK-SNAP), bids, nnunet, or sr (DICOM SR with DVH and radiomics)',
    )
    .requiredOption('--out <dir>', 'new or empty folder for the files')
    .option(
      '--source <source>',
      'source of the structures: manual, seg, totalsegmentator, custom:<model>, derived',
      'manual',
    )
    .option(
      '--structures <names...>',
      'only these structures, by original or standard name; * matches any text, ? any character. nnunet needs this list, in the order of the labels',
    )
    .option('--dataset <name>', 'nnunet: number and name of the dataset', '501_rtpipeline')
    .action(async (run: string, options: ExportCommand) => {
      const { lines, leftOut } = await exportRun(run, options);
      for (const line of leftOut) console.error(`left out: ${line}`);
      for (const line of lines) console.log(line);
      if (leftOut.length > 0) process.exitCode = LEFT_OUT;
    });
}

/** As `run` ends when a part of its results is missing. */
const LEFT_OUT = 3;

const LAYOUTS = ['slicer', 'bids', 'nnunet', 'sr'];

export async function exportRun(run: string, options: ExportCommand): Promise<ExportResult> {
  if (!LAYOUTS.includes(options.to)) throw new BadInput(`--to must be one of ${LAYOUTS.join(', ')}`);
  if (options.to === 'nnunet' && !options.structures)
    throw new BadInput('--to nnunet needs --structures <names...>; they become the labels 1, 2, ...');
  const store = await openStore(run);
  await requireRun(store, run);
  const folder = await exportFolder(options.out);
  if (options.to === 'sr') return exportReports(store, folder);
  const courses = exportedCourses(store, { source: options.source, patterns: options.structures ?? ['*'] });
  if (options.to === 'slicer') return exportSlicer(courses, folder);
  if (options.to === 'bids') return exportBids(courses, folder);
  return exportNnunet(courses, folder, { labels: options.structures ?? [], dataset: options.dataset });
}
