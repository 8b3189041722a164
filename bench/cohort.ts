import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeJson } from '#lib/course-store/json.ts';
import { silentLog } from '#lib/log.ts';
import { generatedCohort } from '#lib/phantom/generated-cohort.ts';
import { inlinePool } from '#lib/pool/inline-pool.ts';
import { catalog } from '#lib/stages/catalog/catalog.ts';
import { organize } from '#lib/stages/organize/organize.ts';
import { fileStore } from '#lib/store/file.ts';
import { runKeys } from '#lib/store/keys.ts';

/**
 * Catalog and organize over cohorts of growing size: how much of the files is read, and whether memory stays flat.
 *   node bench/cohort.ts            cohorts of 25, 100 and 200 courses of 60 slices
 *   node bench/cohort.ts one <dir>  one cohort, in a process of its own: its memory is its own
 */
const SIZES = [25, 100, 200];
const SLICES = 60;

if (process.argv[2] === 'one') await measure(process.argv[3]);
else for (const courses of SIZES) bench(courses);

function bench(courses: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-bench-'));
  let bytes = 0;
  for (const file of generatedCohort({ courses, slices: SLICES, rows: 128, columns: 128, seed: 1 })) {
    const path = join(folder, 'input', file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.bytes);
    bytes += file.bytes.length;
  }
  const answer = execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'one', folder], { encoding: 'utf8' });
  const { files, bytesRead, catalogSeconds, organizeSeconds, peakMiB, found } = JSON.parse(answer);
  const share = ((100 * bytesRead) / bytes).toFixed(1);
  console.log(
    `${courses} courses, ${files} files, ${(bytes / 2 ** 20).toFixed(0)} MiB: catalog ${catalogSeconds.toFixed(2)} s ` +
      `(${share} % of the bytes read), organize ${organizeSeconds.toFixed(2)} s, ${found} courses found, peak ${peakMiB} MiB`,
  );
  rmSync(folder, { recursive: true });
}

async function measure(folder: string): Promise<void> {
  const store = fileStore(join(folder, 'out'));
  await writeJson(store, runKeys.config, {});
  const signal = new AbortController().signal;
  const input = fileStore(join(folder, 'input'));
  const context = { input, store, pool: inlinePool(), log: silentLog, signal, now: () => new Date() };
  const start = performance.now();
  const { files, bytesRead } = await catalog.run({ force: false }, context);
  const between = performance.now();
  const { courses: found } = await organize.run({ force: false }, context);
  const catalogSeconds = (between - start) / 1000;
  const organizeSeconds = (performance.now() - between) / 1000;
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ files, bytesRead, catalogSeconds, organizeSeconds, peakMiB, found }));
}
