import type { Command } from 'commander';
import type { Config } from '#lib/config.ts';
import { readJson, readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Course } from '#lib/rt/course.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { type CourseEntry, type Organized, organize } from '#lib/stages/organize.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { effectiveConfig } from '../configuration.ts';
import { findingText } from '../finding-text.ts';
import { openInput } from '../open-input.ts';
import { withPassingSecret } from '../pseudonym-key.ts';
import { textTable } from '../text-table.ts';

export function addValidate(program: Command): void {
  program
    .command('validate')
    .argument('[input]', 'folder, archive or s3:// prefix with DICOM')
    .option('--config <file>', 'configuration, YAML')
    .action(async (input: string | undefined, options: { config?: string }) => {
      if (input === undefined && options.config === undefined) throw new BadInput('needs an input or --config');
      const { config } = await effectiveConfig(options.config, process.env, {});
      if (options.config !== undefined) console.log(`${options.config}: a valid configuration`);
      if (input !== undefined) console.log(await describeInput(input, config));
    });
}

/** Catalog and organize in memory: the headers are read, nothing is written. */
async function describeInput(location: string, config: Config): Promise<string> {
  const store = memoryStore();
  await writeJson(store, runKeys.config, withPassingSecret(config));
  const input = await openInput(location, '');
  const signal = new AbortController().signal;
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  await catalog.run({ force: false }, context);
  await organize.run({ force: false }, context);
  const { counts, tables, findings } = await readJson<Organized>(store, runKeys.organized);
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const courses = await Promise.all(
    entries.map(({ courseId }) => readJson<Course>(store, courseKeys(courseId).course)),
  );
  const rows = courses.map(courseRow);
  const found = [
    ...findings.map(({ code, message }) => ({ code, course: '', message })),
    ...courses.flatMap(({ displayName, findings: own }) =>
      own.map(({ code, message }) => ({ code, course: displayName, message })),
    ),
  ];
  const unassigned = tables.find((table) => table.name === 'unassigned')?.rows ?? [];
  return [
    `${counts.files} files: ${counts.assigned} instances in ${courses.length} courses, ${counts.duplicates} duplicates, ${counts.unassigned} unassigned, ${counts.notDicom} not DICOM`,
    '',
    textTable(['course', 'images', 'structures', 'plans', 'doses', 'dose decision', 'warnings'], rows),
    '',
    ...(found.length > 0 ? ['Findings:', ...findingText(found)] : ['No findings.']),
    ...(unassigned.length > 0 ? ['', 'In no course:'] : []),
    ...unassigned.map((row) => `  ${row.key}: ${row.message}`),
  ].join('\n');
}

function courseRow(course: Course): (string | number)[] {
  const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
  const images = course.images.map((image) => `${image.modality} ${image.instances.length}`).join(', ');
  const warnings = course.findings.filter((found) => found.severity !== 'info').length;
  const { rule, confidence } = course.doseDecision;
  return [
    course.displayName,
    images,
    structures,
    course.plans.length,
    course.doses.length,
    `${rule} (${confidence})`,
    warnings,
  ];
}
