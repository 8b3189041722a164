import type { Command } from 'commander';
import { openStore } from '#lib/store/open.ts';
import { runStatus, verdictOf } from '../run-status.ts';
import { textTable } from '../text-table.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .argument('<out>', 'output folder or s3:// prefix of the run')
    .option('--json', 'print JSON')
    .action(async (out: string, options: { json?: boolean }) => {
      const courses = await runStatus(await openStore(out));
      if (options.json) return console.log(JSON.stringify(courses, null, 2));
      if (courses.length === 0)
        return console.log('No courses yet: organize has not ended, or this is no output of a run.');
      const rows = courses.map((course) => [
        course.displayName,
        course.courseId,
        verdictOf(course),
        ...course.stages.map((s) => s.status),
      ]);
      console.log(textTable(['course', 'id', 'state', ...courses[0].stages.map((s) => s.stage)], rows));
      for (const { displayName, stages } of courses)
        for (const { stage, status, reason } of stages)
          if (status === 'failed') console.log(`\n${displayName} ${stage}: ${reason}`);
    });
}
