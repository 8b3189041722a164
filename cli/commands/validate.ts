import type { Command } from 'commander';
import type { Config } from '#lib/config.ts';
import { readJson, readJsonLines, writeJson } from '#lib/course-store/json.ts';
import { BadInput } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import type { Course } from '#lib/rt/course.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import type { CourseEntry } from '#lib/stages/organize/course-entry.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { readOrganized } from '#lib/stages/organize/organized.ts';
import { courseKeys, runKeys } from '#lib/store/keys.ts';
import { memoryStore } from '#lib/store/memory.ts';
import { addConfigFlags, type ConfigFlags, configFrom } from '../config-flags.ts';
import { nameOf, onScreen } from '../course-names.ts';
import { findingText } from '../finding-text.ts';
import { openInput } from '../open-input.ts';
import { withPassingSecret } from '../pseudonym-key.ts';
import { textTable } from '../text-table.ts';
import { countSlices, volumesText } from '../volumes-text.ts';

export function addValidate(program: Command): void {
  const command = program.command('validate').argument('[input]', 'folder, archive or s3:// prefix with DICOM');
  addConfigFlags(command).action(async (input: string | undefined, options: ConfigFlags) => {
    const hasSettings =
      options.config !== undefined || options.profile !== undefined || Object.keys(options.set).length > 0;
    if (input === undefined && !hasSettings)
      throw new BadInput('validate needs an input, --config, --profile or --set');
    const { config } = await configFrom(options);
    if (hasSettings) console.log(`${options.config ?? 'the settings'}: a valid configuration`);
    if (input === undefined) return;
    const { files, text } = await describeInput(input, config);
    console.log(text);
    if (files === 0) throw new BadInput('the input holds no DICOM file', { where: input });
  });
}

/** Catalog and organize in memory: the headers are read, nothing is written. */
async function describeInput(location: string, config: Config): Promise<{ files: number; text: string }> {
  const store = memoryStore();
  await writeJson(store, runKeys.config, withPassingSecret(config));
  const input = await openInput(location);
  const signal = new AbortController().signal;
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  await catalog.run({ force: false }, context);
  await organize.run({ force: false }, context);
  const { counts, tables, findings } = await readOrganized(store);
  const entries = await readJsonLines<CourseEntry>(store, runKeys.courses);
  const courses = await Promise.all(
    entries.map(({ courseId }) => readJson<Course>(store, courseKeys(courseId).course)),
  );
  const rows = courses.map(courseRow);
  const found = [
    ...findings.map(({ code, message }) => ({ code, course: '', message })),
    ...courses.flatMap((course) =>
      course.findings.map(({ code, message }) => ({
        code,
        course: onScreen(nameOf(course), course.displayName),
        message,
      })),
    ),
  ];
  const volumes = courses.flatMap((course) => volumesText(course, onScreen(nameOf(course), course.displayName)));
  const told = findingText(found).map(printable);
  const unassigned = tables.find((table) => table.name === 'unassigned')?.rows ?? [];
  const text = [
    `${counts.files} files: ${counts.assigned} instances in ${courses.length} courses, ${counts.duplicates} duplicates, ${counts.unassigned} unassigned, ${counts.notDicom} not DICOM`,
    '',
    textTable(
      ['patient', 'course', 'plan', 'images', 'structures', 'plans', 'doses', 'dose decision', 'warnings'],
      rows,
    ),
    '',
    ...(volumes.length > 0 ? ['Series that hold several volumes:', ...volumes.map(printable), ''] : []),
    ...(told.length > 0 ? ['Findings:', ...told] : ['No findings.']),
    ...(unassigned.length > 0 ? ['', 'In no course:'] : []),
    ...unassigned.map((row) => `  ${printable(String(row.key))}: ${row.message}`),
  ].join('\n');
  return { files: counts.files - counts.notDicom, text };
}

function courseRow(course: Course): (string | number)[] {
  const structures = course.structureSets.reduce((sum, set) => sum + set.header.rois.length, 0);
  const images = course.images.map((image) => `${image.modality} ${countSlices(image)}`).join(', ');
  const { patient, plan } = nameOf(course);
  const { rule, confidence } = course.doseDecision;
  return [
    printable(patient),
    course.displayName,
    printable(plan),
    images,
    structures,
    course.plans.length,
    course.doses.length,
    `${rule} (${confidence})`,
    course.findings.filter(isWorthSaying).length,
  ];
}

function isWorthSaying({ severity }: Course['findings'][number]): boolean {
  return severity !== 'info';
}

/** Names come from files: what would steer a terminal is shown, not done. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
